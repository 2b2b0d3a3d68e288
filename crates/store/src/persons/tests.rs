//! The golden cases of identity (I1 to I4), refusals, order of property changes, and undo.

use super::entry::Entry;
use super::fold::Persons;
use super::*;
use crate::testing::{EventBuilder, event};
use model::Value;

struct World {
    persons: Persons,
    log: Vec<Entry>,
    next: u128,
}

impl World {
    fn new() -> World {
        World { persons: Persons::default(), log: Vec::new(), next: 0 }
    }
    fn send_as(
        &mut self,
        trusted: bool,
        name: &str,
        id: &str,
        at: Micros,
        with: &[(&str, &str)],
    ) -> Option<IdentityWarningCode> {
        self.next += 1;
        let built = with.iter().fold(event(self.next, name, id, at), |e: EventBuilder, (key, value)| {
            e.with(key, if *value == "false" { Value::Bool(false) } else { Value::Text((*value).into()) })
        });
        let profile = model::person::has_profile(&built.0);
        let ordinal = self.persons.observe(id, at, profile, &mut self.log);
        self.persons.apply(&built.0, ordinal, trusted, &mut self.log)
    }
    fn send(&mut self, name: &str, id: &str, at: Micros, with: &[(&str, &str)]) -> Option<IdentityWarningCode> {
        self.send_as(false, name, id, at, with)
    }
    fn identify(&mut self, id: &str, anon: &str, at: Micros) -> Option<IdentityWarningCode> {
        self.send("$identify", id, at, &[("$anon_distinct_id", anon)])
    }
    fn ids(&self, id: &str) -> Vec<String> {
        self.persons.person(id).expect("a known id").distinct_ids
    }
    fn text(&self, id: &str, key: &str) -> Option<String> {
        self.persons.person(id).expect("a known id").properties.text(key).map(str::to_owned)
    }
    fn undo(&mut self, seq: u64) {
        self.log.push(Entry::Undo { seq, by: "me".into(), at: 99 });
        self.persons = Persons::rebuild(self.persons.ids.clone(), &self.log);
    }
}

#[test]
fn i1_an_identify_makes_one_person_of_both_ids_for_all_times() {
    let mut world = World::new();
    world.send("x", "anon1", 1, &[]);
    assert_eq!(world.identify("u1", "anon1", 2), None);
    world.send("y", "u1", 3, &[]);
    assert_eq!(world.ids("anon1"), ["u1", "anon1"]);
    let person = world.persons.person("u1").expect("known");
    assert!(person.identified);
    assert_eq!((person.distinct_id.as_str(), person.created_at), ("u1", 1));
    assert_eq!(**world.persons.person_of(), [1, 1]);
}

#[test]
fn i2_two_identified_persons_stay_two_unless_merged_dangerously_with_a_secret_key() {
    let mut world = World::new();
    world.identify("u1", "a1", 1);
    world.identify("u2", "a2", 2);
    assert_eq!(world.identify("u2", "u1", 3), Some(IdentityWarningCode::CannotMergeAlreadyIdentified));
    assert_eq!(world.ids("u1"), ["u1", "a1"]);
    assert_eq!(world.persons.warnings().len(), 1);
    let alias = [("alias", "u1")];
    let refused = world.send("$merge_dangerously", "u2", 4, &alias);
    assert_eq!(refused, Some(IdentityWarningCode::MergeNeedsSecretKey));
    assert_eq!(world.send_as(true, "$merge_dangerously", "u2", 5, &alias), None);
    assert_eq!(world.ids("a1"), ["u2", "u1", "a1", "a2"].map(String::from).to_vec().tap_sorted(&world, "u2"));
}

trait Sorted {
    fn tap_sorted(self, world: &World, root: &str) -> Vec<String>;
}
impl Sorted for Vec<String> {
    /// The root first, then in order of ordinals.
    fn tap_sorted(mut self, world: &World, root: &str) -> Vec<String> {
        self.sort_by_key(|id| (id != root, world.persons.ids.find(id)));
        self
    }
}

#[test]
fn i3_an_illegal_id_never_links_but_another_case_of_it_may() {
    let mut world = World::new();
    world.send("x", "a", 1, &[]);
    let refused = Some(IdentityWarningCode::CannotMergeWithIllegalDistinctId);
    assert_eq!(world.identify("null", "a", 2), refused);
    assert_eq!(world.identify("u", "undefined", 2), refused);
    assert_eq!(world.persons.person("undefined"), None, "a refused id is not made known");
    assert_eq!(world.ids("a"), ["a"]);
    assert_eq!(world.identify("NULL", "a", 3), None);
    assert_eq!(world.ids("a"), ["NULL", "a"]);
}

#[test]
fn i4_on_a_merge_the_target_keeps_its_values_and_gets_the_missing_ones() {
    let mut world = World::new();
    world.send("$set", "a", 1, &[("$set.plan", "free"), ("$set.utm", "mail")]);
    world.send("$set", "u", 2, &[("$set.plan", "pro")]);
    world.identify("u", "a", 3);
    assert_eq!(world.text("a", "plan").as_deref(), Some("pro"));
    assert_eq!(world.text("a", "utm").as_deref(), Some("mail"));
}

#[test]
fn set_follows_event_time_and_set_once_keeps_the_first() {
    let mut world = World::new();
    world.send("x", "u", 10, &[("$set.a", "new"), ("$set_once.o", "first")]);
    world.send("x", "u", 9, &[("$set.a", "late"), ("$set_once.o", "second")]);
    assert_eq!(world.text("u", "a").as_deref(), Some("new"));
    assert_eq!(world.text("u", "o").as_deref(), Some("first"));
    world.send("x", "u", 10, &[("$set.a", "same instant"), ("$unset.o", "")]);
    assert_eq!(world.text("u", "a").as_deref(), Some("same instant"));
    assert_eq!(world.text("u", "o"), None);
}

#[test]
fn an_identify_without_another_id_only_sets_properties() {
    let mut world = World::new();
    world.send("$identify", "u", 1, &[("$set.a", "1")]);
    world.identify("u", "u", 2);
    let person = world.persons.person("u").expect("known");
    assert!(!person.identified);
    assert_eq!(person.properties.text("a"), Some("1"));
}

#[test]
fn personless_events_neither_merge_nor_update() {
    let mut world = World::new();
    let personless = ("$process_person_profile", "false");
    world.send("$identify", "u", 1, &[("$anon_distinct_id", "a"), ("$set.x", "1"), personless]);
    let person = world.persons.person("u").expect("known");
    assert!(!person.has_profile && person.properties.is_empty());
    assert_eq!(world.persons.person("a"), None);
    world.send("x", "u", 2, &[]);
    assert!(world.persons.person("u").expect("known").has_profile);
}

#[test]
fn an_undone_merge_is_as_if_it_had_never_been() {
    let mut world = World::new();
    world.send("$set", "a", 1, &[("$set_once.first", "a")]);
    world.send("$set", "u", 2, &[("$set.plan", "pro")]);
    world.identify("u", "a", 3);
    // Without effect now, for the merged person has it; after the undo it is u's own.
    world.send("x", "u", 4, &[("$set_once.first", "u")]);
    assert_eq!(world.text("u", "first").as_deref(), Some("a"));
    world.undo(1);
    assert_eq!(world.ids("a"), ["a"]);
    assert_eq!(world.ids("u"), ["u"]);
    assert_eq!(world.text("u", "first").as_deref(), Some("u"));
    assert_eq!(world.text("a", "plan"), None);
    assert_eq!(world.persons.merges()[0].undone.as_ref().map(|undone| undone.by.as_str()), Some("me"));
    assert_eq!(world.identify("u", "a", 5), None, "it may be claimed again");
    assert_eq!(world.persons.merges().len(), 2);
    assert_eq!(world.ids("a"), ["u", "a"]);
}

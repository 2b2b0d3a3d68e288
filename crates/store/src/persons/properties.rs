//! The properties of all persons of one project, shared with snapshots.
//!
//! They lie in pages of neighbouring ordinals. A snapshot holds the pages as they were; a change copies the one page that
//! it touches, so that neither taking a snapshot nor changing a person costs more when there are more persons.

use crate::PropertyColumn;
use crate::segment::builder::PropertyColumnBuilder;
use crate::segment::format::ValueRef;
use model::person::PersonUpdate;
use model::{Micros, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Ordinals of one page.
const PAGE: u32 = 256;

/// One property of one person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PersonProperty {
    pub key: Box<str>,
    pub value: Value,
    pub set_at: Micros,
}

/// Persons of one page by their root ordinal; only those with properties.
type Page = BTreeMap<u32, Arc<Vec<PersonProperty>>>;

/// Properties by root ordinal.
#[derive(Debug, Clone, Default)]
pub(crate) struct PersonProperties {
    pages: Arc<Vec<Option<Arc<Page>>>>,
}

impl PersonProperties {
    /// The properties of the person with this root, in no particular order.
    pub fn get(&self, root: u32) -> &[PersonProperty] {
        let page = self.pages.get((root / PAGE) as usize).and_then(Option::as_ref);
        page.and_then(|page| page.get(&root)).map_or(&[], |own| own)
    }

    /// The properties of the person with this root, to be changed.
    fn own(&mut self, root: u32) -> &mut Vec<PersonProperty> {
        let pages = Arc::make_mut(&mut self.pages);
        let index = (root / PAGE) as usize;
        if index >= pages.len() {
            pages.resize(index + 1, None);
        }
        let page = Arc::make_mut(pages[index].get_or_insert_default());
        Arc::make_mut(page.entry(root).or_default())
    }

    /// Applies an update of an event at `at`, in this order: set_once, set, unset.
    pub fn update(&mut self, root: u32, at: Micros, update: &PersonUpdate) {
        let own = self.own(root);
        for (key, value) in &update.set_once {
            if !own.iter().any(|property| property.key == *key) {
                own.push(PersonProperty { key: key.clone(), value: value.clone(), set_at: at });
            }
        }
        for (key, value) in &update.set {
            match own.iter_mut().find(|property| property.key == *key) {
                Some(property) if at >= property.set_at => {
                    property.value = value.clone();
                    property.set_at = at;
                }
                Some(_) => {}
                None => own.push(PersonProperty { key: key.clone(), value: value.clone(), set_at: at }),
            }
        }
        own.retain(|property| !update.unset.contains(&property.key));
    }

    /// The person of `from` becomes that of `into`, which keeps its own values and gets those that it lacks.
    pub fn merge(&mut self, into: u32, from: u32) {
        if self.get(from).is_empty() {
            return;
        }
        let others = std::mem::take(self.own(from));
        let own = self.own(into);
        for property in others {
            if !own.iter().any(|mine| mine.key == property.key) {
                own.push(property);
            }
        }
    }

    /// All persons with properties, ascending by root.
    fn iter(&self) -> impl Iterator<Item = (u32, &[PersonProperty])> {
        let pages = self.pages.iter().flatten();
        pages.flat_map(|page| page.iter()).map(|(root, own)| (*root, own.as_slice()))
    }

    /// The value of one property for each ordinal: that of the person it stands for.
    pub fn column(&self, key: &str, person_of: &[u32]) -> PropertyColumn {
        let mut column = PropertyColumnBuilder::new(person_of.len());
        for (root, own) in self.iter() {
            if let Some(property) = own.iter().find(|property| *property.key == *key) {
                column.set(root as usize, &ValueRef::of(&property.value));
            }
        }
        for (ordinal, root) in person_of.iter().enumerate() {
            if ordinal != *root as usize {
                column.copy(*root as usize, ordinal);
            }
        }
        column.finish()
    }

    /// All keys that some person has, with the number of persons of each, in byte order.
    pub fn keys(&self) -> BTreeMap<Box<str>, u64> {
        let mut keys = BTreeMap::new();
        for property in self.iter().flat_map(|(_, own)| own) {
            match keys.get_mut(&property.key) {
                Some(count) => *count += 1,
                None => drop(keys.insert(property.key.clone(), 1)),
            }
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(key: &str, value: Value) -> PersonUpdate {
        PersonUpdate { set: vec![(key.into(), value)], ..PersonUpdate::default() }
    }

    #[test]
    fn a_column_has_the_value_of_the_person_for_each_of_their_ids() {
        let mut properties = PersonProperties::default();
        properties.update(0, 1, &set("plan", Value::Text("pro".into())));
        properties.update(2, 1, &set("plan", Value::Number(3.0)));
        properties.update(700, 1, &set("plan", Value::Text("pro".into())));
        properties.update(700, 1, &set("trial", Value::Bool(true)));
        // 1 and 3 belong to 0.
        let mut person_of: Vec<u32> = (0..701).collect();
        (person_of[1], person_of[3]) = (0, 0);
        let column = properties.column("plan", &person_of);
        let at = |ordinal: usize| column.get(ordinal);
        let pro = Some(Value::Text("pro".into()));
        assert_eq!([at(0), at(1), at(3), at(700)], [pro.clone(), pro.clone(), pro.clone(), pro]);
        assert_eq!([at(2), at(4)], [Some(Value::Number(3.0)), None]);
        assert_eq!(column.text.as_ref().map(|text| text.dictionary.len()), Some(1));
        assert_eq!(properties.column("absent", &person_of), PropertyColumn::default());
        assert_eq!(properties.keys().into_iter().collect::<Vec<_>>(), [("plan".into(), 3), ("trial".into(), 1)]);
    }

    #[test]
    fn a_held_view_does_not_change_and_shares_what_stays() {
        let mut properties = PersonProperties::default();
        properties.update(0, 1, &set("a", Value::Bool(true)));
        properties.update(PAGE, 1, &set("a", Value::Bool(true)));
        let held = properties.clone();
        properties.update(0, 2, &set("a", Value::Bool(false)));
        assert_eq!(held.get(0)[0].value, Value::Bool(true));
        assert_eq!(properties.get(0)[0].value, Value::Bool(false));
        let page = |of: &PersonProperties, index: usize| of.pages[index].clone().expect("it has persons");
        assert!(Arc::ptr_eq(&page(&held, 1), &page(&properties, 1)));
        assert!(!Arc::ptr_eq(&page(&held, 0), &page(&properties, 0)));
    }
}

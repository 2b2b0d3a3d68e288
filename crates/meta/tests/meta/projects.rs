use crate::{NOW, act, app, fresh};
use meta::{CHANNELS_MAX, KeyKind, MetaError, NewKey, ProjectChange, SecretHash};
use model::project::SunbirdValidation;
use model::time::WeekStart;
use model::{Level, ProjectId};

fn channels(names: &[&str]) -> ProjectChange {
    let names = names.iter().map(|name| (*name).to_owned()).collect();
    ProjectChange { channels: Some(names), ..ProjectChange::default() }
}

#[tokio::test]
async fn a_project_begins_with_its_channels_and_a_write_key() {
    let (_dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &["hp-education", " hp "])).await.unwrap();
    assert_eq!(project.channels, ["hp", "hp-education"]);
    assert_eq!(project.write_key.as_deref(), Some("tmw_of_esamwad"));
    assert_eq!((project.level, project.created_at), (Level::Enhanced, NOW));
    assert_eq!(meta.project(project.id).await.unwrap(), project);
    assert_eq!(meta.projects().await.unwrap(), std::slice::from_ref(&project));
    assert_eq!(project.clock().time_zone, "Asia/Kolkata");
    assert!(matches!(meta.project(ProjectId(9)).await, Err(MetaError::NotFound { what: "project" })));
}

#[tokio::test]
async fn a_channel_belongs_to_one_project_and_the_refusal_names_it() {
    let (_dir, meta) = fresh().await;
    let first = meta.create_project(&act(), &app("esamwad", &["hp"])).await.unwrap();
    let error = meta.create_project(&act(), &app("second", &["free", "hp"])).await.unwrap_err();
    assert!(
        matches!(&error, MetaError::Conflict { what: "channel", message }
        if message.contains("hp") && message.contains("esamwad")),
        "{error}"
    );
    assert_eq!(meta.projects().await.unwrap().len(), 1, "nothing of the refused project remains");

    let second = meta.create_project(&act(), &app("second", &["free"])).await.unwrap();
    let error = meta.update_project(&act(), second.id, &channels(&["hp"])).await.unwrap_err();
    assert!(matches!(error, MetaError::Conflict { what: "channel", .. }), "{error}");
    assert_eq!(meta.project(second.id).await.unwrap().channels, ["free"]);

    // A project may give a channel away, and name one twice.
    meta.update_project(&act(), first.id, &channels(&[])).await.unwrap();
    let second = meta.update_project(&act(), second.id, &channels(&["hp", "hp", "free"])).await.unwrap();
    assert_eq!(second.channels, ["free", "hp"]);
}

#[tokio::test]
async fn channels_have_a_limit_and_are_not_empty() {
    let (_dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    let many: Vec<String> = (0..=CHANNELS_MAX).map(|n| n.to_string()).collect();
    let change = ProjectChange { channels: Some(many), ..ProjectChange::default() };
    let error = meta.update_project(&act(), project.id, &change).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "channels", .. }), "{error}");
    let error = meta.update_project(&act(), project.id, &channels(&[""])).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "channels", .. }), "{error}");
}

#[tokio::test]
async fn a_change_is_kept_and_told_to_the_gate() {
    let (_dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    let before = meta.directory().await.unwrap();
    assert_eq!(before.version(), meta.directory_version());
    let change = ProjectChange {
        level: Some(Level::Basic),
        week_start: Some(WeekStart::Sunday),
        sunbird_validation: Some(SunbirdValidation::Strict),
        time_zone: Some("UTC".to_owned()),
        ..ProjectChange::default()
    };
    let changed = meta.update_project(&act(), project.id, &change).await.unwrap();
    assert_eq!(changed.name, "esamwad");
    assert!(meta.directory_version() > before.version());
    let rules = meta.directory().await.unwrap().rules(project.id).unwrap().clone();
    assert_eq!(rules, changed.rules());
    assert_eq!((rules.level, rules.sunbird_validation), (Level::Basic, SunbirdValidation::Strict));
    let line = &meta.audit(None, 1).await.unwrap()[0];
    assert!(line.detail.contains("level: enhanced -> basic"), "{}", line.detail);
}

#[tokio::test]
async fn the_directory_leads_from_keys_and_channels_to_projects() {
    let (_dir, meta) = fresh().await;
    let first = meta.create_project(&act(), &app("first", &["hp"])).await.unwrap();
    let second = meta.create_project(&act(), &app("second", &[])).await.unwrap();
    let secret = NewKey::Secret {
        name: "backend".to_owned(),
        prefix: "tms_1234".to_owned(),
        hash: SecretHash::of("tms_1234567"),
    };
    let secret = meta.create_key(&act(), second.id, &secret).await.unwrap();
    assert_eq!((secret.kind, secret.key), (KeyKind::Secret, None));

    let directory = meta.directory().await.unwrap();
    assert_eq!(directory.version(), meta.directory_version());
    let route = directory.by_key("tmw_of_first").unwrap();
    assert_eq!((route.rules.id, route.trusted), (first.id, false));
    assert_eq!(route.key, Some(meta.keys(first.id).await.unwrap()[0].id));
    let route = directory.by_key("tms_1234567").unwrap();
    assert_eq!((route.rules.id, route.trusted, route.key), (second.id, true, Some(secret.id)));
    let route = directory.by_channel("hp").unwrap();
    assert_eq!((route.rules.id, route.trusted, route.key), (first.id, false, None));
    assert_eq!(directory.by_key("tmw_of_nobody"), None);
    assert_eq!(directory.by_key(""), None);
    assert_eq!(directory.by_channel("HP"), None, "channels are matched exactly");
    assert_eq!(directory.projects().count(), 2);
}

#[tokio::test]
async fn a_revoked_key_leads_nowhere_and_can_never_come_back() {
    let (_dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    let second = NewKey::Write { name: "Android".to_owned(), key: "tmw_android".to_owned() };
    meta.create_key(&act(), project.id, &second).await.unwrap();
    let keys = meta.keys(project.id).await.unwrap();
    assert_eq!((keys[0].prefix.as_str(), keys[1].prefix.as_str()), ("tmw_of_e", "tmw_andr"));
    let version = meta.directory_version();

    meta.revoke_key(&act(), project.id, keys[0].id).await.unwrap();
    assert!(meta.directory_version() > version);
    let directory = meta.directory().await.unwrap();
    assert_eq!(directory.by_key("tmw_of_esamwad"), None);
    assert!(directory.by_key("tmw_android").is_some());
    assert_eq!(meta.project(project.id).await.unwrap().write_key.as_deref(), Some("tmw_android"));

    let version = meta.directory_version();
    meta.revoke_key(&act(), project.id, keys[0].id).await.unwrap();
    assert_eq!(meta.directory_version(), version, "a second revocation changes nothing");
    let again = NewKey::Write { name: "again".to_owned(), key: "tmw_of_esamwad".to_owned() };
    let error = meta.create_key(&act(), project.id, &again).await.unwrap_err();
    assert!(matches!(error, MetaError::Conflict { what: "key", .. }), "{error}");

    meta.revoke_key(&act(), project.id, keys[1].id).await.unwrap();
    assert_eq!(meta.project(project.id).await.unwrap().write_key, None);
}

#[tokio::test]
async fn a_key_is_revoked_through_its_own_project_only() {
    let (_dir, meta) = fresh().await;
    let first = meta.create_project(&act(), &app("first", &[])).await.unwrap();
    let second = meta.create_project(&act(), &app("second", &[])).await.unwrap();
    let key = meta.keys(first.id).await.unwrap().remove(0);
    let error = meta.revoke_key(&act(), second.id, key.id).await.unwrap_err();
    assert!(matches!(error, MetaError::NotFound { what: "key" }), "{error}");
}

#[tokio::test]
async fn uses_of_keys_are_noted_and_do_not_disturb_the_directory() {
    let (_dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    let key = meta.keys(project.id).await.unwrap().remove(0);
    let version = meta.directory_version();
    meta.touch_keys(&[(key.id, NOW + 5), (key.id, NOW + 3), (99, NOW)]).await.unwrap();
    assert_eq!(meta.keys(project.id).await.unwrap()[0].last_used_at, Some(NOW + 5));
    assert_eq!(meta.directory_version(), version);
}

#[tokio::test]
async fn names_and_keys_have_limits() {
    let (_dir, meta) = fresh().await;
    let mut new = app("esamwad", &[]);
    new.name = "x".repeat(201);
    let error = meta.create_project(&act(), &new).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "name", .. }), "{error}");
    for key in ["", "with space", &"k".repeat(1_001)] {
        let mut new = app("esamwad", &[]);
        new.write_key = key.to_owned();
        let error = meta.create_project(&act(), &new).await.unwrap_err();
        assert!(matches!(error, MetaError::Invalid { field: "key", .. }), "{error}");
    }
    assert!(meta.projects().await.unwrap().is_empty());
}

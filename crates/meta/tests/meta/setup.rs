use crate::{act, app, fresh, person};
use meta::{Initialization, MetaError, NewKey, NewToken, Role, Scope, SecretHash};

fn everything() -> Initialization {
    Initialization {
        owner: person("a@example.org", Role::Viewer),
        organization: Some("HP Education".to_owned()),
        project: Some(app("esamwad", &["hp"])),
        key: Some(NewKey::Secret {
            name: "Server".to_owned(),
            prefix: "tms_init".to_owned(),
            hash: SecretHash::of("tms_init_key"),
        }),
        token: Some(NewToken {
            name: "init".to_owned(),
            scopes: vec![Scope::Read],
            project: None,
            prefix: "tmp_init".to_owned(),
            hash: SecretHash::of("tmp_init_token"),
        }),
    }
}

#[tokio::test]
async fn the_first_member_is_owner_and_there_is_one_first() {
    let (_dir, meta) = fresh().await;
    assert!(meta.needs_setup().await.unwrap());
    let owner = meta.create_first_owner(&act(), &person("a@example.org", Role::Viewer)).await.unwrap();
    assert_eq!(owner.role, Role::Owner);
    assert!(!meta.needs_setup().await.unwrap());
    let error = meta.create_first_owner(&act(), &person("b@example.org", Role::Owner)).await.unwrap_err();
    assert!(matches!(error, MetaError::Conflict { what: "setup", .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_who_set_up_at_once_one_becomes_owner() {
    let (_dir, meta) = fresh().await;
    let tries: Vec<_> = ["a@example.org", "b@example.org"]
        .map(|email| {
            let meta = meta.clone();
            tokio::spawn(async move { meta.create_first_owner(&act(), &person(email, Role::Owner)).await })
        })
        .into();
    let mut owners = 0;
    for attempt in tries {
        owners += usize::from(attempt.await.unwrap().is_ok());
    }
    assert_eq!(owners, 1);
    assert_eq!(meta.members().await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_organisation_is_named_and_renamed() {
    let (_dir, meta) = fresh().await;
    assert_eq!(meta.organization().await.unwrap(), None);
    let first = meta.set_organization(&act(), "HP").await.unwrap();
    let renamed = meta.set_organization(&act(), " HP Education ").await.unwrap();
    assert_eq!((renamed.id, renamed.name.as_str(), renamed.created_at), (first.id, "HP Education", first.created_at));
    assert_eq!(meta.organization().await.unwrap(), Some(renamed));
    assert!(matches!(meta.set_organization(&act(), "").await, Err(MetaError::Invalid { field: "name", .. })));
}

#[tokio::test]
async fn an_unattended_set_up_is_applied_once() {
    let (_dir, meta) = fresh().await;
    let made = meta.initialize(&act(), &everything()).await.unwrap().unwrap();
    assert_eq!(made.owner.role, Role::Owner);
    assert_eq!(meta.organization().await.unwrap(), made.organization);
    let project = made.project.unwrap();
    assert_eq!(meta.directory().await.unwrap().by_key("tmw_of_esamwad").unwrap().rules, project.rules());
    let route = meta.directory().await.unwrap().by_key("tms_init_key").unwrap();
    assert_eq!((route.rules.id, route.trusted, route.key), (project.id, true, made.key.map(|key| key.id)));
    let (token, member) = meta.token(&SecretHash::of("tmp_init_token")).await.unwrap().unwrap();
    assert_eq!((Some(token), member), (made.token, made.owner));
    assert_eq!(meta.initialize(&act(), &everything()).await.unwrap(), None);
}

#[tokio::test]
async fn an_unattended_set_up_leaves_a_directory_in_use_alone() {
    let (_dir, meta) = fresh().await;
    meta.create_first_owner(&act(), &person("first@example.org", Role::Owner)).await.unwrap();
    assert_eq!(meta.initialize(&act(), &everything()).await.unwrap(), None);
    assert!(meta.projects().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_key_without_a_project_is_refused() {
    let (_dir, meta) = fresh().await;
    let error = meta.initialize(&act(), &Initialization { project: None, ..everything() }).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "key", .. }), "{error}");
    assert!(meta.needs_setup().await.unwrap());
}

#[tokio::test]
async fn a_refused_set_up_changes_nothing_and_can_be_tried_again() {
    let (_dir, meta) = fresh().await;
    let mut wrong = everything();
    wrong.token = wrong.token.map(|token| NewToken { scopes: vec![], ..token });
    let error = meta.initialize(&act(), &wrong).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "scopes", .. }), "{error}");
    assert!(meta.needs_setup().await.unwrap());
    assert!(meta.directory().await.unwrap().by_key("tmw_of_esamwad").is_none());
    assert!(meta.audit(None, 10).await.unwrap().is_empty());
    assert!(meta.initialize(&act(), &everything()).await.unwrap().is_some());
}

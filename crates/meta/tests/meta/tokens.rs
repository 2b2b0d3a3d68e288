use crate::{NOW, act, app, fresh, person};
use meta::{MetaError, NewToken, Role, Scope, SecretHash};
use model::ProjectId;
use model::time::SECOND;

fn token(text: &str, scopes: &[Scope], project: Option<ProjectId>) -> NewToken {
    NewToken {
        name: "nightly report".to_owned(),
        scopes: scopes.to_vec(),
        project,
        prefix: text[..8].to_owned(),
        hash: SecretHash::of(text),
    }
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_with_its_member() {
    let (_dir, meta) = fresh().await;
    let member = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    let new = token("tmp_abcdef", &[Scope::Write, Scope::Read, Scope::Write], Some(project.id));
    let made = meta.create_token(&act(), member.id, &new).await.unwrap();
    assert_eq!(made.scopes, [Scope::Read, Scope::Write]);
    assert_eq!((made.project, made.prefix.as_str(), made.last_used_at), (Some(project.id), "tmp_abcd", None));

    let (found, whose) = meta.token(&SecretHash::of("tmp_abcdef")).await.unwrap().unwrap();
    assert_eq!((&found, &whose), (&made, &member));
    assert!(meta.token(&SecretHash::of("tmp_abcdeg")).await.unwrap().is_none());
    assert_eq!(meta.tokens(member.id).await.unwrap(), [made]);
}

#[tokio::test]
async fn uses_are_noted_once_a_minute() {
    let (_dir, meta) = fresh().await;
    let member = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let first = meta.create_token(&act(), member.id, &token("tmp_abcdef", &[Scope::Read], None)).await.unwrap();
    let used = async || meta.tokens(member.id).await.unwrap().remove(0);
    meta.touch_token(&first, NOW).await.unwrap();
    assert_eq!(used().await.last_used_at, Some(NOW));
    meta.touch_token(&used().await, NOW + 59 * SECOND).await.unwrap();
    assert_eq!(used().await.last_used_at, Some(NOW));
    meta.touch_token(&used().await, NOW + 60 * SECOND).await.unwrap();
    assert_eq!(used().await.last_used_at, Some(NOW + 60 * SECOND));
    meta.touch_token(&first, NOW + SECOND).await.unwrap();
    assert_eq!(used().await.last_used_at, Some(NOW + 60 * SECOND), "never backwards");
}

#[tokio::test]
async fn a_token_needs_scopes_a_member_a_project_and_a_new_hash() {
    let (_dir, meta) = fresh().await;
    let member = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let error = meta.create_token(&act(), member.id, &token("tmp_abcdef", &[], None)).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "scopes", .. }), "{error}");
    let error = meta.create_token(&act(), 99, &token("tmp_abcdef", &[Scope::Read], None)).await.unwrap_err();
    assert!(matches!(error, MetaError::NotFound { what: "member" }), "{error}");
    let elsewhere = token("tmp_abcdef", &[Scope::Read], Some(ProjectId(99)));
    let error = meta.create_token(&act(), member.id, &elsewhere).await.unwrap_err();
    assert!(matches!(error, MetaError::NotFound { what: "project" }), "{error}");
    meta.create_token(&act(), member.id, &token("tmp_abcdef", &[Scope::Read], None)).await.unwrap();
    let error = meta.create_token(&act(), member.id, &token("tmp_abcdef", &[Scope::Read], None)).await.unwrap_err();
    assert!(matches!(error, MetaError::Conflict { what: "token", .. }), "{error}");
}

#[tokio::test]
async fn only_its_owner_takes_a_token_away_and_then_it_is_gone() {
    let (_dir, meta) = fresh().await;
    let owner = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let other = meta.create_member(&act(), &person("b@example.org", Role::Admin)).await.unwrap();
    let made = meta.create_token(&act(), owner.id, &token("tmp_abcdef", &[Scope::Admin], None)).await.unwrap();
    let error = meta.delete_token(&act(), other.id, made.id).await.unwrap_err();
    assert!(matches!(error, MetaError::NotFound { what: "token" }), "{error}");
    meta.delete_token(&act(), owner.id, made.id).await.unwrap();
    assert!(meta.token(&SecretHash::of("tmp_abcdef")).await.unwrap().is_none());
}

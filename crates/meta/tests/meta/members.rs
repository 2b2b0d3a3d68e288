use crate::{NOW, act, fresh, person};
use meta::{Act, Language, MemberChange, MetaError, NewMember, Role, SecretHash};

#[tokio::test]
async fn a_member_is_found_by_email_without_regard_to_case() {
    let (_dir, meta) = fresh().await;
    let new = NewMember { email: " Asha@Example.org ".to_owned(), ..person("a@example.org", Role::Owner) };
    let member = meta.create_member(&act(), &new).await.unwrap();
    assert_eq!(member.email, "Asha@Example.org");
    assert_eq!(member.created_at, NOW);
    assert_eq!(member.last_login_at, None);
    let (found, hash) = meta.member_for_login("aSHA@example.ORG").await.unwrap().unwrap();
    assert_eq!(found, member);
    assert_eq!(hash, new.password_hash);
    assert_eq!(meta.member_for_login("other@example.org").await.unwrap(), None);
}

#[tokio::test]
async fn an_email_is_used_once_whatever_its_case() {
    let (_dir, meta) = fresh().await;
    meta.create_member(&act(), &person("ÄSHA@example.org", Role::Owner)).await.unwrap();
    let error = meta.create_member(&act(), &person("äsha@Example.org", Role::Viewer)).await.unwrap_err();
    assert!(matches!(error, MetaError::Conflict { what: "email", .. }), "{error}");
    assert_eq!(meta.members().await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_an_email_or_a_name_is_refused_by_field() {
    let (_dir, meta) = fresh().await;
    for email in
        ["", "asha", "@example.org", "asha@", "a b@example.org", "a@b@c", &format!("{}@e.org", "x".repeat(250))]
    {
        let error = meta.create_member(&act(), &person(email, Role::Owner)).await.unwrap_err();
        assert!(matches!(error, MetaError::Invalid { field: "email", .. }), "{email}: {error}");
    }
    for name in ["", "   ", "a\nb", &"न".repeat(201)] {
        let mut new = person("asha@example.org", Role::Owner);
        new.name = name.to_owned();
        let error = meta.create_member(&act(), &new).await.unwrap_err();
        assert!(matches!(error, MetaError::Invalid { field: "name", .. }), "{name}: {error}");
    }
    let mut new = person("asha@example.org", Role::Owner);
    new.name = "न".repeat(200);
    assert_eq!(meta.create_member(&act(), &new).await.unwrap().name.chars().count(), 200);
}

#[tokio::test]
async fn the_last_owner_stays_owner() {
    let (_dir, meta) = fresh().await;
    let owner = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let admin = meta.create_member(&act(), &person("b@example.org", Role::Admin)).await.unwrap();
    let lower = MemberChange { role: Some(Role::Admin), name: Some("New".to_owned()), ..MemberChange::default() };
    assert!(matches!(meta.update_member(&act(), owner.id, &lower).await, Err(MetaError::LastOwner)));
    assert!(matches!(meta.delete_member(&act(), owner.id).await, Err(MetaError::LastOwner)));
    assert_eq!(meta.member(owner.id).await.unwrap(), owner, "nothing of the refused change remains");

    let raise = MemberChange { role: Some(Role::Owner), ..MemberChange::default() };
    assert_eq!(meta.update_member(&act(), admin.id, &raise).await.unwrap().role, Role::Owner);
    assert_eq!(meta.update_member(&act(), owner.id, &lower).await.unwrap().role, Role::Admin);
    meta.delete_member(&act(), owner.id).await.unwrap();
    assert!(matches!(meta.member(owner.id).await, Err(MetaError::NotFound { what: "member" })));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_owners_who_remove_each_other_at_once_leave_one() {
    let (_dir, meta) = fresh().await;
    let a = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let b = meta.create_member(&act(), &person("b@example.org", Role::Owner)).await.unwrap();
    let (first, second) = (meta.clone(), meta.clone());
    let first = tokio::spawn(async move { first.delete_member(&act(), a.id).await });
    let second = tokio::spawn(async move { second.delete_member(&act(), b.id).await });
    let results = [first.await.unwrap(), second.await.unwrap()];
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(results.iter().any(|result| matches!(result, Err(MetaError::LastOwner))));
    assert_eq!(meta.members().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_leaves_alone_what_it_does_not_name() {
    let (_dir, meta) = fresh().await;
    let member = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let change = MemberChange { language: Some(Language::Hi), ..MemberChange::default() };
    let changed = meta.update_member(&act(), member.id, &change).await.unwrap();
    assert_eq!((changed.language, &changed.name, changed.role), (Language::Hi, &member.name, Role::Owner));
    assert!(matches!(meta.update_member(&act(), 99, &change).await, Err(MetaError::NotFound { what: "member" })));
}

#[tokio::test]
async fn a_new_password_ends_the_other_logins() {
    let (_dir, meta) = fresh().await;
    let member = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let (mine, stolen) = (SecretHash::of("mine"), SecretHash::of("stolen"));
    let keep = meta.create_login(&act(), member.id, &mine, NOW + 100).await.unwrap();
    meta.create_login(&act(), member.id, &stolen, NOW + 100).await.unwrap();
    meta.set_password(&act(), member.id, "$argon2id$new", Some(keep.id)).await.unwrap();
    assert_eq!(meta.password_hash(member.id).await.unwrap(), "$argon2id$new");
    assert!(meta.login(&mine, NOW).await.unwrap().is_some());
    assert!(meta.login(&stolen, NOW).await.unwrap().is_none());
}

#[tokio::test]
async fn a_member_may_remove_themselves() {
    let (_dir, meta) = fresh().await;
    meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let viewer = meta.create_member(&act(), &person("b@example.org", Role::Viewer)).await.unwrap();
    let own_act = Act { member: Some(viewer.id), who: "b@example.org", at: NOW };
    meta.delete_member(&own_act, viewer.id).await.unwrap();
    let line = &meta.audit(None, 1).await.unwrap()[0];
    assert_eq!((line.action.as_str(), line.who.as_str(), line.member_id), ("member.delete", "b@example.org", None));
}

use crate::{NOW, act, app, fresh, person};
use meta::{Act, MetaError, Role};

#[tokio::test]
async fn every_change_leaves_a_line_newest_first_by_pages() {
    let (_dir, meta) = fresh().await;
    let owner = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let by_owner = Act { member: Some(owner.id), who: "a@example.org", at: NOW + 7 };
    meta.set_organization(&by_owner, "HP Education").await.unwrap();
    let project = meta.create_project(&by_owner, &app("esamwad", &[])).await.unwrap();

    let lines = meta.audit(None, 10).await.unwrap();
    let actions: Vec<&str> = lines.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["key.create", "project.create", "organization.name", "member.create"]);
    assert_eq!(lines[1].subject, format!("project {}", project.id));
    assert_eq!((lines[1].who.as_str(), lines[1].member_id, lines[1].at), ("a@example.org", Some(owner.id), NOW + 7));

    let page = meta.audit(Some(lines[1].id), 1).await.unwrap();
    assert_eq!(page, lines[2..3]);
}

#[tokio::test]
async fn a_refused_change_leaves_no_line_and_no_line_holds_a_secret() {
    let (_dir, meta) = fresh().await;
    let owner = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    assert!(matches!(meta.delete_member(&act(), owner.id).await, Err(MetaError::LastOwner)));
    meta.set_password(&act(), owner.id, "$argon2id$next", None).await.unwrap();
    let lines = meta.audit(None, 10).await.unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| !format!("{line:?}").contains("argon2")));
}

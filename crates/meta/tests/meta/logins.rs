use crate::{NOW, act, fresh, person};
use meta::{Member, Meta, MetaError, Presented, Role, SecretHash};
use model::time::SECOND;

async fn with_member() -> (tempfile::TempDir, Meta, Member) {
    let (dir, meta) = fresh().await;
    let member = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    (dir, meta, member)
}

#[tokio::test]
async fn a_login_is_found_by_its_token_until_it_expires() {
    let (_dir, meta, member) = with_member().await;
    let token = SecretHash::of("token");
    let login = meta.create_login(&act(), member.id, &token, NOW + SECOND).await.unwrap();
    let (found, whose, presented) = meta.login(&token, NOW).await.unwrap().unwrap();
    assert_eq!((found, whose.id, presented), (login, member.id, Presented::Current));
    assert_eq!(whose.last_login_at, Some(NOW));
    assert!(meta.login(&token, NOW + SECOND).await.unwrap().is_none(), "expires_at itself is too late");
    assert!(meta.login(&SecretHash::of("other"), NOW).await.unwrap().is_none());
}

#[tokio::test]
async fn the_token_before_a_rotation_lives_through_its_grace() {
    let (_dir, meta, member) = with_member().await;
    let (old, new) = (SecretHash::of("old"), SecretHash::of("new"));
    meta.create_login(&act(), member.id, &old, NOW + 1_000 * SECOND).await.unwrap();
    let grace_until = NOW + 30 * SECOND;
    assert!(meta.rotate_login(&old, &new, NOW, grace_until, NOW + 2_000 * SECOND).await.unwrap());

    let (login, _, presented) = meta.login(&new, NOW).await.unwrap().unwrap();
    assert_eq!((presented, login.expires_at, login.rotated_at), (Presented::Current, NOW + 2_000 * SECOND, NOW));
    let (_, _, presented) = meta.login(&old, grace_until - 1).await.unwrap().unwrap();
    assert_eq!(presented, Presented::Previous);
    assert!(meta.login(&old, grace_until).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_rotations_of_one_token_one_wins() {
    let (_dir, meta, member) = with_member().await;
    let old = SecretHash::of("old");
    meta.create_login(&act(), member.id, &old, NOW + 1_000).await.unwrap();
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let meta = meta.clone();
            tokio::spawn(async move {
                let new = SecretHash::of(&format!("new {n}"));
                let won = meta.rotate_login(&old, &new, NOW, NOW + 10, NOW + 1_000).await.unwrap();
                (won, meta.login(&new, NOW).await.unwrap().is_some())
            })
        })
        .collect();
    let mut winners = 0;
    for attempt in tries {
        let (won, works) = attempt.await.unwrap();
        assert_eq!(won, works);
        winners += usize::from(won);
    }
    assert_eq!(winners, 1);
}

#[tokio::test]
async fn logging_out_works_with_either_token_and_an_expired_one_cannot_rotate() {
    let (_dir, meta, member) = with_member().await;
    let (old, new) = (SecretHash::of("old"), SecretHash::of("new"));
    meta.create_login(&act(), member.id, &old, NOW + 100).await.unwrap();
    assert!(!meta.rotate_login(&old, &new, NOW + 100, NOW + 200, NOW + 300).await.unwrap());
    assert!(meta.rotate_login(&old, &new, NOW, NOW + 50, NOW + 100).await.unwrap());
    meta.delete_login(&old).await.unwrap();
    assert!(meta.login(&new, NOW).await.unwrap().is_none());
    meta.delete_login(&old).await.unwrap();
}

#[tokio::test]
async fn logins_go_with_their_member_and_need_one() {
    let (_dir, meta, _owner) = with_member().await;
    let viewer = meta.create_member(&act(), &person("b@example.org", Role::Viewer)).await.unwrap();
    let token = SecretHash::of("token");
    meta.create_login(&act(), viewer.id, &token, NOW + 100).await.unwrap();
    meta.delete_member(&act(), viewer.id).await.unwrap();
    assert!(meta.login(&token, NOW).await.unwrap().is_none());
    let error = meta.create_login(&act(), viewer.id, &SecretHash::of("late"), NOW + 100).await.unwrap_err();
    assert!(matches!(error, MetaError::NotFound { what: "member" }), "{error}");
}

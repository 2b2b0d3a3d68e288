use crate::{NOW, act, app, fresh, person};
use meta::{
    Act, DashboardChange, InsightChange, Meta, MetaError, NewDashboard, NewInsight, NewTile, QUESTION_BYTES_MAX, Role,
    TILES_MAX,
};
use model::ProjectId;
use serde_json::json;

async fn with_project() -> (tempfile::TempDir, Meta, ProjectId) {
    let (dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    (dir, meta, project.id)
}

fn trend(name: &str) -> NewInsight {
    NewInsight {
        name: name.to_owned(),
        description: "Attendance\npage".to_owned(),
        question: json!({"kind": "trends", "series": [{"event": "IMPRESSION", "math": "total"}]}),
    }
}

fn tile(insight_id: i64, x: u32) -> NewTile {
    NewTile { id: None, insight_id, x, y: 0, w: 6, h: 4 }
}

#[tokio::test]
async fn an_insight_comes_back_as_it_was_saved() {
    let (_dir, meta, project) = with_project().await;
    let asha = meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let by_asha = Act { member: Some(asha.id), who: "a@example.org", at: NOW };
    let saved = meta.create_insight(&by_asha, project, &trend("Parents per day")).await.unwrap();
    assert_eq!(saved.question, trend("").question);
    assert_eq!((saved.created_by, saved.created_by_name.as_deref()), (Some(asha.id), Some("Asha Thakur")));
    assert_eq!((saved.created_at, saved.updated_at), (NOW, NOW));
    assert_eq!(meta.insight(project, saved.id).await.unwrap(), saved);
    assert_eq!(meta.insights(project).await.unwrap(), [saved]);
}

#[tokio::test]
async fn what_a_removed_member_saved_stays() {
    let (_dir, meta, project) = with_project().await;
    meta.create_member(&act(), &person("a@example.org", Role::Owner)).await.unwrap();
    let member = meta.create_member(&act(), &person("b@example.org", Role::Member)).await.unwrap();
    let by_member = Act { member: Some(member.id), who: "b@example.org", at: NOW };
    let saved = meta.create_insight(&by_member, project, &trend("Parents per day")).await.unwrap();
    meta.delete_member(&act(), member.id).await.unwrap();
    let kept = meta.insight(project, saved.id).await.unwrap();
    assert_eq!((kept.created_by, kept.created_by_name), (None, None));
}

#[tokio::test]
async fn a_change_names_only_what_changes_and_the_last_changed_is_first() {
    let (_dir, meta, project) = with_project().await;
    let first = meta.create_insight(&act(), project, &trend("first")).await.unwrap();
    let second = meta.create_insight(&act(), project, &trend("second")).await.unwrap();
    let later = Act { at: NOW + 1, ..act() };
    let change = InsightChange { name: Some("renamed".to_owned()), ..InsightChange::default() };
    let renamed = meta.update_insight(&later, project, first.id, &change).await.unwrap();
    assert_eq!((renamed.name.as_str(), &renamed.question, renamed.updated_at), ("renamed", &first.question, NOW + 1));
    let ids: Vec<i64> = meta.insights(project).await.unwrap().iter().map(|insight| insight.id).collect();
    assert_eq!(ids, [first.id, second.id]);
}

#[tokio::test]
async fn a_deleted_insight_is_gone_until_it_is_brought_back() {
    let (_dir, meta, project) = with_project().await;
    let saved = meta.create_insight(&act(), project, &trend("Parents per day")).await.unwrap();
    meta.delete_insight(&act(), project, saved.id).await.unwrap();
    assert!(meta.insights(project).await.unwrap().is_empty());
    let gone = MetaError::NotFound { what: "insight" }.to_string();
    assert_eq!(meta.insight(project, saved.id).await.unwrap_err().to_string(), gone);
    assert_eq!(meta.delete_insight(&act(), project, saved.id).await.unwrap_err().to_string(), gone);
    let rename = InsightChange { name: Some("x".to_owned()), ..InsightChange::default() };
    assert_eq!(meta.update_insight(&act(), project, saved.id, &rename).await.unwrap_err().to_string(), gone);
    let restore = InsightChange { restore: true, ..InsightChange::default() };
    assert_eq!(meta.update_insight(&act(), project, saved.id, &restore).await.unwrap(), saved);
}

#[tokio::test]
async fn one_project_does_not_see_what_another_saved() {
    let (_dir, meta, project) = with_project().await;
    let other = meta.create_project(&act(), &app("other", &[])).await.unwrap().id;
    let saved = meta.create_insight(&act(), project, &trend("Parents per day")).await.unwrap();
    let board = NewDashboard { name: "Board".to_owned(), description: String::new(), tiles: vec![] };
    let board = meta.create_dashboard(&act(), project, &board).await.unwrap();
    assert!(meta.insights(other).await.unwrap().is_empty());
    assert!(meta.insight(other, saved.id).await.is_err());
    assert!(meta.update_insight(&act(), other, saved.id, &InsightChange::default()).await.is_err());
    assert!(meta.delete_insight(&act(), other, saved.id).await.is_err());
    assert!(meta.dashboard(other, board.id).await.is_err());
    assert!(meta.update_dashboard(&act(), other, board.id, &DashboardChange::default()).await.is_err());
    assert!(meta.delete_dashboard(&act(), other, board.id).await.is_err());

    let stranger = NewDashboard { name: "x".to_owned(), description: String::new(), tiles: vec![tile(saved.id, 0)] };
    let error = meta.create_dashboard(&act(), other, &stranger).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "tiles", .. }), "{error}");
    assert!(meta.dashboards(other).await.unwrap().is_empty(), "nothing of the refused dashboard remains");
}

#[tokio::test]
async fn questions_and_texts_have_limits_and_projects_must_exist() {
    let (_dir, meta, project) = with_project().await;
    let mut new = trend("big");
    new.question = json!("x".repeat(QUESTION_BYTES_MAX));
    let error = meta.create_insight(&act(), project, &new).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "question", .. }), "{error}");
    let mut new = trend("long");
    new.description = "x".repeat(2_001);
    let error = meta.create_insight(&act(), project, &new).await.unwrap_err();
    assert!(matches!(error, MetaError::Invalid { field: "description", .. }), "{error}");
    let error = meta.create_insight(&act(), ProjectId(9), &trend("lost")).await.unwrap_err();
    assert!(matches!(error, MetaError::NotFound { what: "project" }), "{error}");
}

#[tokio::test]
async fn tiles_are_replaced_as_a_whole_and_keep_their_numbers() {
    let (_dir, meta, project) = with_project().await;
    let a = meta.create_insight(&act(), project, &trend("a")).await.unwrap().id;
    let b = meta.create_insight(&act(), project, &trend("b")).await.unwrap().id;
    let new = NewDashboard {
        name: "Board".to_owned(),
        description: "For the review".to_owned(),
        tiles: vec![tile(b, 6), tile(a, 0)],
    };
    let board = meta.create_dashboard(&act(), project, &new).await.unwrap();
    assert_eq!(board.tiles.iter().map(|tile| (tile.insight_id, tile.x)).collect::<Vec<_>>(), [(a, 0), (b, 6)]);

    let moved = NewTile { id: Some(board.tiles[0].id), ..tile(a, 3) };
    let twice = NewTile { id: Some(board.tiles[0].id), ..tile(b, 9) };
    let change = DashboardChange { tiles: Some(vec![moved, twice]), ..DashboardChange::default() };
    let changed = meta.update_dashboard(&act(), project, board.id, &change).await.unwrap();
    assert_eq!((changed.tiles.len(), changed.tiles[0].id, changed.tiles[0].x), (2, board.tiles[0].id, 3));
    assert_ne!(changed.tiles[1].id, board.tiles[0].id);
    assert_eq!((changed.name.as_str(), changed.description.as_str()), ("Board", "For the review"));
}

#[tokio::test]
async fn a_tile_comes_back_with_its_insight_even_after_the_dashboard_changed() {
    let (_dir, meta, project) = with_project().await;
    let a = meta.create_insight(&act(), project, &trend("a")).await.unwrap().id;
    let b = meta.create_insight(&act(), project, &trend("b")).await.unwrap().id;
    let tiles = vec![tile(a, 0), tile(b, 6)];
    let new = NewDashboard { name: "Board".to_owned(), description: String::new(), tiles };
    let board = meta.create_dashboard(&act(), project, &new).await.unwrap();
    meta.delete_insight(&act(), project, a).await.unwrap();
    assert_eq!(meta.dashboard(project, board.id).await.unwrap().tiles, board.tiles[1..]);

    let kept = NewTile { id: Some(board.tiles[1].id), ..tile(b, 6) };
    let change = DashboardChange { tiles: Some(vec![kept]), ..DashboardChange::default() };
    meta.update_dashboard(&act(), project, board.id, &change).await.unwrap();
    meta.update_insight(&act(), project, a, &InsightChange { restore: true, ..InsightChange::default() })
        .await
        .unwrap();
    assert_eq!(meta.dashboard(project, board.id).await.unwrap().tiles, board.tiles);
}

#[tokio::test]
async fn tiles_have_limits() {
    let (_dir, meta, project) = with_project().await;
    let a = meta.create_insight(&act(), project, &trend("a")).await.unwrap().id;
    let refused = [
        vec![NewTile { w: 0, ..tile(a, 0) }],
        vec![NewTile { h: 0, ..tile(a, 0) }],
        vec![NewTile { y: u32::MAX, ..tile(a, 0) }],
        vec![tile(99, 0)],
        vec![tile(a, 0); TILES_MAX + 1],
    ];
    for tiles in refused {
        let new = NewDashboard { name: "Board".to_owned(), description: String::new(), tiles };
        let error = meta.create_dashboard(&act(), project, &new).await.unwrap_err();
        assert!(matches!(error, MetaError::Invalid { field: "tiles", .. }), "{error}");
    }
    assert!(meta.dashboards(project).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_deleted_dashboard_can_be_brought_back_with_its_tiles() {
    let (_dir, meta, project) = with_project().await;
    let a = meta.create_insight(&act(), project, &trend("a")).await.unwrap().id;
    let new = NewDashboard { name: "Board".to_owned(), description: String::new(), tiles: vec![tile(a, 0)] };
    let board = meta.create_dashboard(&act(), project, &new).await.unwrap();
    meta.delete_dashboard(&act(), project, board.id).await.unwrap();
    assert!(meta.dashboards(project).await.unwrap().is_empty());
    let restore = DashboardChange { restore: true, ..DashboardChange::default() };
    assert_eq!(meta.update_dashboard(&act(), project, board.id, &restore).await.unwrap(), board);
}

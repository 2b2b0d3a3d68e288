use crate::{NOW, act, app, fresh};
use meta::{DemoPlan, DemoProgress, DemoState, Meta, MetaError};

/// A seed that is negative as an i64.
const PLAN: DemoPlan = DemoPlan { seed: u64::MAX - 6, persons: 300, days: 10, ends_at: NOW };

#[tokio::test]
async fn a_second_demo_is_the_first() {
    let (_dir, meta) = fresh().await;
    assert_eq!(meta.demo().await.unwrap(), None);
    let (demo, made) = meta.create_demo(&act(), &app("demo", &[]), &PLAN).await.unwrap();
    assert!(made);
    assert_eq!((demo.plan, demo.progress.state, demo.progress.sent), (PLAN, DemoState::Running, 0));
    let other = DemoPlan { persons: 5, ..PLAN };
    let (again, made) = meta.create_demo(&act(), &app("another", &[]), &other).await.unwrap();
    assert!(!made);
    assert_eq!(again, demo);
    assert_eq!(meta.projects().await.unwrap().len(), 1);
}

#[tokio::test]
async fn progress_is_there_after_reopening() {
    let (dir, meta) = fresh().await;
    let progress = DemoProgress {
        state: DemoState::Failed,
        sent_until: NOW - 1,
        sent: 12,
        total: 40,
        error: Some("the disk is full".to_owned()),
    };
    assert!(matches!(meta.set_demo_progress(&progress).await, Err(MetaError::NotFound { what: "demo" })));
    meta.create_demo(&act(), &app("demo", &[]), &PLAN).await.unwrap();
    meta.set_demo_progress(&progress).await.unwrap();
    meta.close().await;
    let meta = Meta::open(dir.path()).await.unwrap();
    assert_eq!(meta.demo().await.unwrap().unwrap().progress, progress);
}

use crate::{act, app, fresh};
use meta::{FILE_NAME, Meta, MetaError};
use std::os::unix::fs::PermissionsExt;

#[tokio::test]
async fn what_was_written_is_there_after_reopening() {
    let (dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &["hp"])).await.unwrap();
    let version = meta.directory_version();
    meta.close().await;

    let meta = Meta::open(dir.path()).await.unwrap();
    assert_eq!(meta.project(project.id).await.unwrap(), project);
    assert_eq!(meta.directory_version(), version);
}

#[tokio::test]
async fn only_the_owner_of_the_process_can_read_the_file() {
    let (dir, meta) = fresh().await;
    meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    for name in [FILE_NAME.to_owned(), format!("{FILE_NAME}-wal")] {
        let mode = std::fs::metadata(dir.path().join(&name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn readers_never_wait_for_the_writer_because_the_file_has_a_write_ahead_log() {
    let (dir, meta) = fresh().await;
    meta.close().await;
    let bytes = std::fs::read(dir.path().join(FILE_NAME)).unwrap();
    // Bytes 18 and 19 of the header are 2 when the journal is a write-ahead log (sqlite.org/fileformat2.html).
    assert_eq!(&bytes[18..20], &[2, 2]);
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused() {
    let (dir, meta) = fresh().await;
    meta.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join(FILE_NAME));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    pool.close().await;
    assert!(matches!(Meta::open(dir.path()).await, Err(MetaError::Newer)));
}

#[tokio::test]
async fn a_word_that_no_version_wrote_is_reported_and_not_guessed() {
    let (dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    meta.close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(dir.path().join(FILE_NAME));
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("UPDATE project SET level = 'everything'").execute(&pool).await.unwrap();
    pool.close().await;
    let meta = Meta::open(dir.path()).await.unwrap();
    let error = meta.project(project.id).await.unwrap_err();
    assert!(matches!(error, MetaError::Damaged { table: "project", column: "level", .. }), "{error}");
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let error = Meta::open(&dir.path().join("absent")).await.unwrap_err();
    assert!(matches!(error, MetaError::Io { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_writers_and_readers_at_once_meet_no_lock_and_lose_nothing() {
    let (_dir, meta) = fresh().await;
    let writers: Vec<_> = (0..40)
        .map(|n| {
            let meta = meta.clone();
            tokio::spawn(async move { meta.create_project(&act(), &app(&format!("app-{n:02}"), &[])).await.unwrap() })
        })
        .collect();
    let readers: Vec<_> = (0..40)
        .map(|_| {
            let meta = meta.clone();
            tokio::spawn(async move {
                // Each reading is of one instant: a project is never seen without its key.
                assert!(meta.projects().await.unwrap().iter().all(|project| project.write_key.is_some()));
            })
        })
        .collect();
    let mut ids = std::collections::BTreeSet::new();
    for writer in writers {
        ids.insert(writer.await.unwrap().id);
    }
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(ids.len(), 40);
    assert_eq!(meta.projects().await.unwrap().len(), 40);
}

#[tokio::test]
async fn two_processes_may_share_the_file() {
    let (dir, first) = fresh().await;
    let second = Meta::open(dir.path()).await.unwrap();
    let project = first.create_project(&act(), &app("esamwad", &["hp"])).await.unwrap();
    assert_eq!(second.project(project.id).await.unwrap(), project);
    second.create_project(&act(), &app("second", &[])).await.unwrap();
    assert_eq!(first.projects().await.unwrap().len(), 2);
}

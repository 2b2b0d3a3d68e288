//! Copies for backups.

use crate::{act, fresh};
use meta::{Meta, check_file};

#[tokio::test]
async fn a_copy_holds_what_was_committed_and_is_for_its_owner_only() {
    let (folder, meta) = fresh().await;
    meta.set_organization(&act(), "Education").await.expect("named");
    let to = folder.path().join("copy");
    std::fs::create_dir(&to).expect("a folder");
    let file = to.join(meta::FILE_NAME);
    meta.copy_to(&file).await.expect("copied");
    assert!(meta.copy_to(&file).await.is_err(), "nothing is overwritten");
    assert_eq!(check_file(&file).await.expect("readable"), [] as [String; 0]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
    }
    let copy = Meta::open(&to).await.expect("opens");
    assert_eq!(copy.organization().await.expect("readable").expect("named").name, "Education");
}

#[tokio::test]
async fn a_broken_file_is_found() {
    let (folder, meta) = fresh().await;
    let file = folder.path().join("broken.sqlite");
    meta.copy_to(&file).await.expect("copied");
    let mut bytes = std::fs::read(&file).expect("readable");
    // The second page, a root of a table.
    bytes[4096..4200].fill(0xFF);
    std::fs::write(&file, bytes).expect("written");
    assert!(check_file(&file).await.map_or(true, |wrong| !wrong.is_empty()));
}

//! The OpenAPI document is what the page's types are made from.

use serde_json::Value;
use std::collections::HashSet;

#[test]
fn the_document_beside_the_page_is_that_of_the_code() {
    let made = serde_json::to_value(server::api::router::api().1).expect("JSON");
    let kept: Value = serde_json::from_str(include_str!("../../../../ui/openapi.json")).expect("JSON");
    assert!(made == kept, "the API has changed: run `cargo xtask types`");
    let operations: Vec<&str> = made["paths"]
        .as_object()
        .expect("paths")
        .values()
        .flat_map(|methods| methods.as_object().expect("methods").values())
        .map(|operation| operation["operationId"].as_str().expect("an id"))
        .collect();
    assert_eq!(operations.iter().collect::<HashSet<_>>().len(), operations.len(), "ids repeat");
}

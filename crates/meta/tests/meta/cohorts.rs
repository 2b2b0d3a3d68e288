use crate::{act, app, fresh};
use meta::{ActionChange, COHORT_MEMBERS_MAX, CohortChange, Meta, MetaError, NewAction, NewCohort, NewMembers};
use model::ProjectId;
use model::action::ActionStep;
use model::cohort::CohortRule;

async fn with_project() -> (tempfile::TempDir, Meta, ProjectId) {
    let (dir, meta) = fresh().await;
    let project = meta.create_project(&act(), &app("esamwad", &[])).await.unwrap();
    (dir, meta, project.id)
}

fn listed(ids: &[&str]) -> NewCohort {
    let members = NewMembers::Listed(ids.iter().map(|id| (*id).to_owned()).collect());
    NewCohort { name: "Friends".to_owned(), description: String::new(), members }
}

#[tokio::test]
async fn a_cohort_has_a_list_or_a_rule_and_keeps_it() {
    let (_dir, meta, project) = with_project().await;
    let many: Vec<String> = (0..2_500).map(|id| format!("p{id}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["p1", "p1"]).collect();
    let made = meta.create_cohort(&act(), project, &listed(&many)).await.unwrap();
    assert_eq!((made.listed, &made.rule), (2_500, &None), "each id once");
    assert_eq!(meta.cohort_members(project, made.id).await.unwrap().len(), 2_500);
    let new_list = CohortChange { listed: Some(vec!["a".to_owned()]), ..CohortChange::default() };
    assert_eq!(meta.update_cohort(&act(), project, made.id, &new_list).await.unwrap().listed, 1);
    assert_eq!(meta.cohort_members(project, made.id).await.unwrap(), ["a"]);

    let rule = CohortRule::All(vec![CohortRule::Cohort(made.id)]);
    let members = NewMembers::Rule(rule.clone());
    let by_rule = NewCohort { name: "By rule".to_owned(), description: "d".to_owned(), members };
    let by_rule = meta.create_cohort(&act(), project, &by_rule).await.unwrap();
    assert_eq!(by_rule.rule.as_ref(), Some(&rule));
    let wrong = meta.update_cohort(&act(), project, by_rule.id, &new_list).await;
    assert!(matches!(wrong, Err(MetaError::Invalid { field: "members", .. })));
    let new_rule = CohortChange { rule: Some(rule), ..CohortChange::default() };
    let wrong = meta.update_cohort(&act(), project, made.id, &new_rule).await;
    assert!(matches!(wrong, Err(MetaError::Invalid { field: "rule", .. })));

    let names: Vec<String> = meta.cohorts(project).await.unwrap().into_iter().map(|cohort| cohort.name).collect();
    assert_eq!(names, ["By rule", "Friends"]);
    meta.delete_cohort(&act(), project, made.id).await.unwrap();
    assert!(meta.cohort_members(project, made.id).await.unwrap().is_empty());
    assert!(matches!(meta.cohort(project, made.id).await, Err(MetaError::NotFound { .. })));
}

#[tokio::test]
async fn a_list_has_ids_and_not_too_many() {
    let (_dir, meta, project) = with_project().await;
    for wrong in ["", "a\0b", &"x".repeat(1_001)] {
        let refused = meta.create_cohort(&act(), project, &listed(&[wrong])).await;
        assert!(matches!(refused, Err(MetaError::Invalid { field: "members", .. })), "{wrong:?}");
    }
    let refused = meta.create_cohort(&act(), project, &listed(&vec!["a"; COHORT_MEMBERS_MAX + 1])).await;
    assert!(matches!(refused, Err(MetaError::Invalid { field: "members", .. })));
    assert!(meta.cohorts(project).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_action_comes_back_as_it_was_made() {
    let (_dir, meta, project) = with_project().await;
    let steps = vec![ActionStep { event: Some("pay".to_owned()), ..ActionStep::default() }];
    let new = NewAction { name: "Pays".to_owned(), description: String::new(), steps: steps.clone() };
    let made = meta.create_action(&act(), project, &new).await.unwrap();
    assert_eq!(made.steps, steps);
    let change = ActionChange { name: Some("Paid".to_owned()), ..ActionChange::default() };
    let changed = meta.update_action(&act(), project, made.id, &change).await.unwrap();
    assert_eq!((changed.name.as_str(), &changed.steps), ("Paid", &steps));
    assert_eq!(meta.actions(project).await.unwrap(), [changed]);
    let other = meta.create_project(&act(), &app("other", &[])).await.unwrap();
    assert!(matches!(meta.action(other.id, made.id).await, Err(MetaError::NotFound { .. })));
    meta.delete_action(&act(), project, made.id).await.unwrap();
    assert!(meta.actions(project).await.unwrap().is_empty());
}

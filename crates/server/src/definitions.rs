//! What a project has defined, as far as a question names it: actions and cohorts.
//!
//! Read anew for each question, so that a change holds at once; the lists of persons are read only of those cohorts that
//! the question names, or that a rule or an action names which it needs.

use meta::{Meta, MetaError};
use model::ProjectId;
use model::action::ActionId;
use model::cohort::CohortId;
use query::{Known, KnownAction, KnownCohort, KnownMembers};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::Snapshot;

/// Actions and cohorts by their numbers.
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    actions: BTreeMap<ActionId, KnownAction>,
    cohorts: BTreeMap<CohortId, KnownCohort>,
}

impl Definitions {
    /// Those that `question` (or a rule, or steps) needs. One that is named and not there is left to binding.
    ///
    /// # Errors
    /// The metadata cannot be read.
    pub async fn of(meta: &Meta, project: ProjectId, question: &Value) -> Result<Definitions, MetaError> {
        let mut named = Named::default();
        named.read(question);
        let mut definitions = Definitions::default();
        if named.is_empty() {
            return Ok(definitions);
        }
        let actions = meta.actions(project).await?;
        let cohorts = meta.cohorts(project).await?;
        loop {
            let known = (definitions.actions.len(), definitions.cohorts.len());
            for action in &actions {
                if named.actions.contains(&action.id) && !definitions.actions.contains_key(&action.id) {
                    named.read(&serde_json::json!(action.steps));
                    let known = KnownAction { name: action.name.clone(), steps: action.steps.clone() };
                    definitions.actions.insert(action.id, known);
                }
            }
            for cohort in &cohorts {
                if !named.cohorts.contains(&cohort.id) || definitions.cohorts.contains_key(&cohort.id) {
                    continue;
                }
                let members = match &cohort.rule {
                    Some(rule) => {
                        named.read(&serde_json::json!(rule));
                        KnownMembers::Rule(Arc::new(rule.clone()))
                    }
                    None => {
                        let ids = meta.cohort_members(project, cohort.id).await?;
                        KnownMembers::Listed(ids.into_iter().map(String::into_boxed_str).collect())
                    }
                };
                definitions.cohorts.insert(cohort.id, KnownCohort { name: cohort.name.clone(), members });
            }
            if known == (definitions.actions.len(), definitions.cohorts.len()) {
                return Ok(definitions);
            }
        }
    }

    /// The definitions of a cohort alone.
    ///
    /// # Errors
    /// The metadata cannot be read.
    pub async fn of_cohort(meta: &Meta, project: ProjectId, id: CohortId) -> Result<Definitions, MetaError> {
        Definitions::of(meta, project, &serde_json::json!({ "cohort": id })).await
    }

    /// With what a snapshot tells.
    pub fn known(&self, snapshot: &Snapshot) -> Known {
        Known { actions: self.actions.clone(), cohorts: self.cohorts.clone(), ..Known::of(snapshot) }
    }

    /// Without a snapshot: for checking what is to be saved.
    pub fn known_alone(&self) -> Known {
        Known { actions: self.actions.clone(), cohorts: self.cohorts.clone(), ..Known::default() }
    }
}

/// What JSON names.
#[derive(Default)]
struct Named {
    actions: BTreeSet<ActionId>,
    cohorts: BTreeSet<CohortId>,
}

impl Named {
    fn is_empty(&self) -> bool {
        self.actions.is_empty() && self.cohorts.is_empty()
    }

    /// Takes in all that JSON may mean by its fields; a number too many only costs a look.
    fn read(&mut self, json: &Value) {
        let mut open = vec![json];
        while let Some(json) = open.pop() {
            match json {
                Value::Array(list) => open.extend(list),
                Value::Object(fields) => {
                    let of_cohorts = fields
                        .get("operator")
                        .and_then(Value::as_str)
                        .is_some_and(|operator| operator == "in_cohort" || operator == "not_in_cohort");
                    for (key, value) in fields {
                        match key.as_str() {
                            "action" => self.actions.extend(value.as_i64()),
                            "cohort" | "cohorts" => self.cohorts.extend(numbers(value)),
                            "value" if of_cohorts => self.cohorts.extend(numbers(value)),
                            _ => {}
                        }
                        open.push(value);
                    }
                }
                _ => {}
            }
        }
    }
}

fn numbers(value: &Value) -> Vec<i64> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_i64).collect(),
        single => single.as_i64().into_iter().collect(),
    }
}

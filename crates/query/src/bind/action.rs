//! Binds an action: it becomes a filter on events. Definition: docs/semantics/actions.md.

use super::filter::{BoundCondition, BoundFilter, FilterBinder, Target, Test};
use crate::elements::Selector;
use crate::predicate;
use crate::question::QuestionError;
use model::action::{ActionRef, ActionStep, BUILT_IN, BuiltIn, Matching, TextMatch};
use serde::Serialize;

/// Characters of one text, pattern or selector, at most.
const TEXT_CHARS_MAX: usize = 1_000;
/// Steps of one action, at most.
const STEPS_MAX: usize = 50;

/// The property that has the elements of a click, and the address of its page.
const ELEMENTS_KEY: &str = "$elements_chain";
const URL_KEY: &str = "$current_url";

/// What is asked of the elements of an event, checked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundElement {
    /// Its tag, in small letters.
    pub tag: Option<String>,
    /// Its text.
    pub text: Option<(Matching, String)>,
    /// Its address.
    pub href: Option<(Matching, String)>,
    /// A selector that reads.
    pub selector: Option<String>,
}

/// An action that stands in place of an event name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct BoundAction {
    /// What it is called.
    pub name: String,
    /// The events that it has.
    pub filter: BoundFilter,
}

impl FilterBinder<'_> {
    /// The action of a question, if it names one; `event` must then be absent.
    pub(super) fn action(
        &mut self,
        asked: Option<&ActionRef>,
        event: Option<&str>,
        path: &str,
    ) -> Result<Option<BoundAction>, QuestionError> {
        let Some(asked) = asked else { return Ok(None) };
        let path = if path.is_empty() { "action".to_owned() } else { format!("{path}.action") };
        if event.is_some() {
            return Err(QuestionError::new(path, "stands in place of the event name; give one of them"));
        }
        let (name, steps) = match asked {
            ActionRef::BuiltIn(name) => {
                let built_in = BuiltIn::named(name).ok_or_else(|| {
                    let message = format!("there is no built-in action `{name}`");
                    QuestionError::new(path.clone(), message).allowing(BUILT_IN.map(|action| action.name))
                })?;
                (built_in.label.to_owned(), built_in.steps())
            }
            ActionRef::Id(id) => {
                let known = self.known().actions.get(id);
                let known =
                    known.ok_or_else(|| QuestionError::new(path.clone(), format!("there is no action {id}")))?;
                (known.name.clone(), known.steps.clone())
            }
        };
        let filter = self.action_steps(&steps, &path)?;
        Ok(Some(BoundAction { name, filter }))
    }

    /// The filter that the steps of an action are.
    pub(crate) fn action_steps(&mut self, steps: &[ActionStep], path: &str) -> Result<BoundFilter, QuestionError> {
        if steps.len() > STEPS_MAX {
            return Err(QuestionError::new(path, format!("an action has at most {STEPS_MAX} steps")));
        }
        let mut any = Vec::with_capacity(steps.len());
        for (index, step) in steps.iter().enumerate() {
            let path = if path.is_empty() { format!("steps[{index}]") } else { format!("{path}.steps[{index}]") };
            any.extend(self.action_step(step, &path)?);
        }
        Ok(if any.is_empty() { BoundFilter::nothing() } else { BoundFilter::Any(any) })
    }

    /// `None`: nothing is set, which no event matches.
    fn action_step(&mut self, step: &ActionStep, path: &str) -> Result<Option<BoundFilter>, QuestionError> {
        let mut all = Vec::new();
        let condition = |target, test| BoundFilter::Condition(BoundCondition { target, negated: false, test });
        if let Some(event) = &step.event {
            all.push(condition(Target::Event, Test::TextIn(vec![event.clone()])));
        }
        if let Some(url) = &step.url {
            let (matching, value) = text(url, &format!("{path}.url"))?;
            let test = match matching {
                Matching::Exact => Test::TextIn(vec![value]),
                Matching::Contains => Test::Has(value),
                Matching::Regex => Test::Matches(vec![value]),
            };
            all.push(condition(Target::Property(URL_KEY.to_owned()), test));
        }
        let selector = step.selector.as_deref().map(str::trim);
        if let Some(selector) = selector
            && (selector.chars().count() > TEXT_CHARS_MAX || Selector::read(selector).is_none())
        {
            let message = "is not a selector of types, #ids, .classes, [attributes], descendants and children (>)";
            return Err(QuestionError::new(format!("{path}.selector"), message));
        }
        let bound = |asked: &Option<TextMatch>, name: &str| {
            asked.as_ref().map(|asked| text(asked, &format!("{path}.{name}"))).transpose()
        };
        let element = BoundElement {
            tag: step.tag_name.as_ref().map(|tag| tag.trim().to_ascii_lowercase()),
            text: bound(&step.text, "text")?,
            href: bound(&step.href, "href")?,
            selector: selector.map(str::to_owned),
        };
        if element.tag.is_some() || element.text.is_some() || element.href.is_some() || element.selector.is_some() {
            all.push(condition(Target::Property(ELEMENTS_KEY.to_owned()), Test::Element(element)));
        }
        let BoundFilter::All(own) = self.all(&step.filters, &format!("{path}.filters"))? else { return Ok(None) };
        all.extend(own);
        Ok((!all.is_empty()).then_some(BoundFilter::All(all)))
    }
}

fn text(asked: &TextMatch, path: &str) -> Result<(Matching, String), QuestionError> {
    let wrong = |message: String| QuestionError::new(format!("{path}.value"), message);
    if asked.value.chars().count() > TEXT_CHARS_MAX {
        return Err(wrong(format!("must not be longer than {TEXT_CHARS_MAX} characters")));
    }
    if asked.matching == Matching::Regex {
        predicate::patterns(std::slice::from_ref(&asked.value), false)
            .map_err(|error| wrong(format!("not a regular expression (RE2 syntax): {error}")))?;
    }
    Ok((asked.matching, asked.value.clone()))
}

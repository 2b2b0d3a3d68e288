//! What a query may say: one SELECT, over the tables that are there, with functions that only compute.
//!
//! Enforced twice: on the statement as parsed, which gives good sentences, and on the plan by a list of allowed nodes,
//! which holds whatever the parser lets through.

use crate::{Failure, Position};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::parser::{DFParserBuilder, Statement};
use datafusion::sql::sqlparser::ast::{self, Query, Select, SetExpr, TableFactor, Visit, Visitor};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use std::ops::ControlFlow;

/// Longest query; characters beyond it are somebody's accident or attack.
pub const SQL_BYTES_MAX: usize = 64 << 10;
/// Parentheses, subqueries and cases inside each other.
const NESTING_MAX: usize = 50;

/// Functions that tell of files and of the program, or that could forge what the tables say of themselves.
pub const FUNCTIONS_LEFT_OUT: &[&str] =
    &["version", "input_file_name", "file_row_index", "with_metadata", "arrow_metadata", "arrow_field"];

/// Reads one query.
///
/// # Errors
/// It does not parse, it is more than one statement, or it is no SELECT.
pub fn parse(sql: &str) -> Result<Statement, Failure> {
    if sql.len() > SQL_BYTES_MAX {
        return Err(Failure::refused(&format!("a query of more than {} KiB is", SQL_BYTES_MAX >> 10)));
    }
    let parser = DFParserBuilder::new(sql).with_dialect(&GenericDialect {}).with_recursion_limit(NESTING_MAX);
    let parsed = parser.build().and_then(|mut parser| parser.parse_statements());
    let mut statements = parsed.map_err(|error| at_end(error.into(), sql))?;
    let statement = match (statements.pop_front(), statements.is_empty()) {
        (Some(statement), true) => statement,
        (Some(_), false) => return Err(Failure::refused("more than one statement is")),
        (None, _) => return Err(Failure::new(crate::FailureCode::Invalid, "there is no query: write a SELECT")),
    };
    match &statement {
        Statement::Statement(inner) => match &**inner {
            ast::Statement::Query(query) => match query.visit(&mut Reader) {
                ControlFlow::Continue(()) => Ok(statement),
                ControlFlow::Break(what) => Err(Failure::refused(what)),
            },
            other => Err(Failure::refused(&format!("{} is", first_word(&other.to_string())))),
        },
        Statement::Explain(_) => Err(Failure::refused("EXPLAIN is")),
        Statement::CopyTo(_) => Err(Failure::refused("COPY is")),
        Statement::CreateExternalTable(_) => Err(Failure::refused("CREATE is")),
        Statement::Reset(_) => Err(Failure::refused("RESET is")),
    }
}

/// The parser gives every place but that of the end, where something is missing.
fn at_end(mut failure: Failure, sql: &str) -> Failure {
    if failure.position.is_none() && failure.message.ends_with("found: EOF") {
        let sql = sql.trim_end();
        let last = sql.rsplit('\n').next().unwrap_or_default();
        let line = sql.matches('\n').count() as u64 + 1;
        failure.position = Some(Position { line, column: last.chars().count() as u64 + 1 });
    }
    failure
}

fn first_word(text: &str) -> String {
    text.split_whitespace().next().unwrap_or("this").to_uppercase()
}

/// Breaks with what is not allowed.
struct Reader;

impl Visitor for Reader {
    type Break = &'static str;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<&'static str> {
        if query.with.as_ref().is_some_and(|with| with.recursive) {
            return ControlFlow::Break("a recursive query is");
        }
        if !query.locks.is_empty() || query.settings.is_some() || query.format_clause.is_some() {
            return ControlFlow::Break("FOR UPDATE, SETTINGS or FORMAT is");
        }
        match &*query.body {
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => {
                ControlFlow::Break("changing data is")
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<&'static str> {
        if select.into.is_some() { ControlFlow::Break("SELECT INTO is") } else { ControlFlow::Continue(()) }
    }

    fn pre_visit_statement(&mut self, _: &ast::Statement) -> ControlFlow<&'static str> {
        // The query itself is no statement inside a query.
        ControlFlow::Break("a statement inside a query is")
    }

    fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<&'static str> {
        match factor {
            TableFactor::Table { args: None, .. }
            | TableFactor::Derived { .. }
            | TableFactor::NestedJoin { .. }
            | TableFactor::UNNEST { .. } => ControlFlow::Continue(()),
            _ => ControlFlow::Break("a table function is"),
        }
    }
}

/// Allows a plan of known, reading nodes only, subqueries included.
///
/// # Errors
/// It holds another node.
pub fn check(plan: &LogicalPlan) -> Result<(), Failure> {
    let mut refused = None;
    let visited = plan.apply_with_subqueries(|node| {
        let what = match node {
            LogicalPlan::Projection(_)
            | LogicalPlan::Filter(_)
            | LogicalPlan::Window(_)
            | LogicalPlan::Aggregate(_)
            | LogicalPlan::Sort(_)
            | LogicalPlan::Join(_)
            | LogicalPlan::Union(_)
            | LogicalPlan::TableScan(_)
            | LogicalPlan::EmptyRelation(_)
            | LogicalPlan::Subquery(_)
            | LogicalPlan::SubqueryAlias(_)
            | LogicalPlan::Limit(_)
            | LogicalPlan::Values(_)
            | LogicalPlan::Distinct(_)
            | LogicalPlan::Unnest(_) => return Ok(TreeNodeRecursion::Continue),
            LogicalPlan::RecursiveQuery(_) => "a recursive query is",
            LogicalPlan::Explain(_) | LogicalPlan::Analyze(_) => "EXPLAIN is",
            LogicalPlan::Dml(_) => "changing data is",
            LogicalPlan::Ddl(_) => "making or dropping tables is",
            LogicalPlan::Copy(_) => "COPY is",
            LogicalPlan::DescribeTable(_) => "DESCRIBE is",
            LogicalPlan::Repartition(_) | LogicalPlan::Statement(_) | LogicalPlan::Extension(_) => "this is",
        };
        refused = Some(what);
        Ok(TreeNodeRecursion::Stop)
    });
    visited?;
    refused.map_or(Ok(()), |what| Err(Failure::refused(what)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FailureCode;

    #[test]
    fn a_query_that_ends_too_early_is_told_where() {
        for (sql, line, column) in [("SELECT event\nFROM events WHERE \n", 2, 18), ("SELECT (1", 1, 10)] {
            let position = parse(sql).expect_err("it ends too early").position;
            assert_eq!(position, Some(Position { line, column }), "{sql}");
        }
    }

    #[test]
    fn selects_of_every_shape_pass() {
        for sql in [
            "SELECT 1",
            "select * from events e join persons p using (person_id)",
            "WITH a AS (SELECT 1 AS x) SELECT * FROM a",
            "SELECT 1 UNION ALL SELECT 2 ORDER BY 1",
            "VALUES (1, 'a'), (2, 'b')",
            "SELECT u FROM (SELECT unnest(make_array(1, 2)) AS u)",
            "SELECT properties['edata.pageid'] FROM events;",
        ] {
            assert!(parse(sql).is_ok(), "{sql}: {:?}", parse(sql).err());
        }
    }

    #[test]
    fn everything_else_is_refused_by_name() {
        for (sql, word) in [
            ("DROP TABLE events", "DROP"),
            ("SELECT 1; SELECT 2", "more than one"),
            ("EXPLAIN SELECT 1", "EXPLAIN"),
            ("COPY events TO 'x'", "COPY"),
            ("SET a = 1", "SET"),
            ("SHOW TABLES", "SHOW"),
            ("WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a", "recursive"),
            ("SELECT * FROM generate_series(1, 10)", "table function"),
            ("SELECT * INTO t FROM events", "INTO"),
        ] {
            let failure = parse(sql).expect_err(sql);
            assert_eq!(failure.code, FailureCode::Refused, "{sql}: {failure}");
            assert!(failure.message.contains(word), "{sql}: {failure}");
        }
    }

    #[test]
    fn nothing_and_nonsense_are_invalid() {
        for sql in ["", " ; ", "SELEC 1", "SELECT 1 FROM", "\0"] {
            assert_eq!(parse(sql).expect_err(sql).code, FailureCode::Invalid, "{sql:?}");
        }
        assert!(parse("SELECT 1\nFROM events WHERE (").expect_err("cut off").position.is_some_and(|at| at.line == 2));
    }
}

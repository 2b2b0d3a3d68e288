//! Runs one job from text to result.

use crate::job::{Job, Summary, VERSION};
use crate::property::PropertyAccess;
use crate::{Failure, FailureCode, limits, output, policy, table};
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::context::SessionContext;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::execution::session_state::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::planner::ExprPlanner;
use datafusion::prelude::SessionConfig;
use futures::StreamExt;
use std::io::Write;
use std::sync::Arc;

/// Rows per batch; a wide SELECT * stays small.
const BATCH_ROWS: usize = 4_096;

/// Answers a query; `sink` gets the result.
///
/// # Errors
/// Why there is no result; what `sink` got until then is none.
pub async fn run(job: &Job, sink: impl Write + Send) -> Result<Summary, Failure> {
    if job.version != VERSION {
        let message = format!("job of version {} for a program of version {VERSION}", job.version);
        return Err(Failure::new(FailureCode::Internal, message));
    }
    let statement = policy::parse(&job.sql)?;
    let (tables, events) = table::of_job(job)?;
    let context = SessionContext::new_with_state(state(job, PropertyAccess { columns: events.names })?);
    for (name, provider) in tables {
        context.register_table(name, provider)?;
    }
    let plan = context.state().statement_to_plan(statement).await?;
    policy::check(&plan)?;
    // One row more than wanted tells whether there are more.
    let frame = context.execute_logical_plan(plan).await?.limit(0, Some(job.rows_max.saturating_add(1)))?;
    let mut batches = frame.execute_stream().await?;
    let schema = batches.schema();
    let mut output = output::open(job.format, &schema, sink)?;
    let mut summary = Summary { columns: output::columns_of(&schema), rows: 0, truncated: false };
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        if output.bytes() >= job.bytes_max && batch.num_rows() > 0 {
            summary.truncated = true;
            break;
        }
        let rows = batch.num_rows().min(job.rows_max - summary.rows);
        summary.truncated = rows < batch.num_rows();
        output.write(&batch.slice(0, rows))?;
        summary.rows += rows;
        if summary.truncated {
            break;
        }
    }
    drop(batches);
    output.finish()?;
    Ok(summary)
}

/// A session that can only compute: no catalogue but ours, no table functions, no files, no network, no spilling.
fn state(job: &Job, access: PropertyAccess) -> Result<SessionState, Failure> {
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits::POOL_BYTES)))
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()?;
    // `file://` is known unless it is taken out.
    let local = url::Url::parse("file:///").map_err(|error| Failure::new(FailureCode::Internal, error.to_string()))?;
    runtime.deregister_object_store(&local)?;
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema("telemetry", "public")
        .with_information_schema(false)
        .with_target_partitions(job.threads.max(1))
        .with_batch_size(BATCH_ROWS);
    let options = config.options_mut();
    options.execution.enable_recursive_ctes = false;
    options.sql_parser.collect_spans = true;
    // It takes room for ten times the LIMIT before the first row: half a gigabyte for a download of three groups.
    options.optimizer.enable_topk_aggregation = false;
    let mut planners: Vec<Arc<dyn ExprPlanner>> = vec![Arc::new(access)];
    planners.extend(SessionStateDefaults::default_expr_planners());
    let allowed = |name: &str| !policy::FUNCTIONS_LEFT_OUT.contains(&name);
    let scalars = SessionStateDefaults::default_scalar_functions().into_iter().filter(|f| allowed(f.name())).collect();
    Ok(SessionStateBuilder::new()
        .with_config(config)
        .with_runtime_env(runtime)
        .with_expr_planners(planners)
        .with_scalar_functions(scalars)
        .with_higher_order_functions(SessionStateDefaults::default_higher_order_functions())
        .with_aggregate_functions(SessionStateDefaults::default_aggregate_functions())
        .with_window_functions(SessionStateDefaults::default_window_functions())
        .build())
}

//! Reads a table: whole files, shared out to the threads, one batch at a time.
//!
//! Only the columns that a query uses are decoded. Files of other days are left out by their event_at; within a file
//! rows are sorted by person, so its row groups all span the day and are all read.

use super::columns::{Content, Reading};
use super::{files, prune};
use crate::job::EventsFile;
use async_trait::async_trait;
use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{Result, Statistics};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{DisplayAs, DisplayFormatType, ExecutionPlan, Partitioning, PlanProperties};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use std::fmt;
use std::sync::Arc;

/// One table of the snapshot.
#[derive(Debug)]
pub struct Table {
    schema: SchemaRef,
    content: Content,
    files: Vec<EventsFile>,
    threads: usize,
}

impl Table {
    /// A table of these files.
    pub fn new(schema: SchemaRef, content: Content, files: &[EventsFile], threads: usize) -> Table {
        Table { schema, content, files: files.to_vec(), threads: threads.max(1) }
    }
}

#[async_trait]
impl TableProvider for Table {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        let support = |filter: &&Expr| {
            // Inexact: a file that is kept still holds rows that do not pass.
            if prune::is_about_time(filter) {
                TableProviderFilterPushDown::Inexact
            } else {
                TableProviderFilterPushDown::Unsupported
            }
        };
        Ok(filters.iter().map(support).collect())
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let wanted = projection.cloned().unwrap_or_else(|| (0..self.schema.fields().len()).collect());
        let files = prune::prune(&self.files, filters, &self.schema, session)?;
        let schema = Arc::new(self.schema.project(&wanted)?);
        let shares = share_out(files, self.threads);
        let properties = PlanProperties::new(
            EquivalenceProperties::new(Arc::clone(&schema)),
            Partitioning::UnknownPartitioning(shares.len()),
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        let task = Task { table: Arc::clone(&self.schema), content: self.content.clone(), wanted, schema, limit };
        Ok(Arc::new(Scan { task: Arc::new(task), shares, properties: Arc::new(properties) }))
    }
}

/// The largest file goes to whoever has least to do; always at least one share.
fn share_out(mut files: Vec<EventsFile>, threads: usize) -> Vec<Vec<EventsFile>> {
    let count = threads.min(files.len()).max(1);
    let mut shares: Vec<(usize, Vec<EventsFile>)> = vec![(0, Vec::new()); count];
    files.sort_by_key(|file| std::cmp::Reverse(file.rows));
    for file in files {
        if let Some(share) = shares.iter_mut().min_by_key(|(rows, _)| *rows) {
            share.0 += file.rows;
            share.1.push(file);
        }
    }
    shares.into_iter().map(|(_, files)| files).collect()
}

/// What every thread must know.
#[derive(Debug)]
struct Task {
    table: SchemaRef,
    content: Content,
    wanted: Vec<usize>,
    schema: SchemaRef,
    limit: Option<usize>,
}

/// The scan in a plan.
#[derive(Debug)]
struct Scan {
    task: Arc<Task>,
    shares: Vec<Vec<EventsFile>>,
    properties: Arc<PlanProperties>,
}

impl DisplayAs for Scan {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scan: {} files", self.shares.iter().map(Vec::len).sum::<usize>())
    }
}

impl ExecutionPlan for Scan {
    fn name(&self) -> &str {
        "Scan"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        Vec::new()
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, _: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        Ok(self)
    }

    fn partition_statistics(&self, partition: Option<usize>) -> Result<Arc<Statistics>> {
        let shares = match partition {
            Some(partition) => self.shares.get(partition..=partition).unwrap_or_default(),
            None => &self.shares,
        };
        let rows = shares.iter().flatten().map(|file| file.rows).sum();
        let mut statistics = Statistics::new_unknown(&self.task.schema);
        let is_cut = self.task.limit.is_some();
        statistics.num_rows = if is_cut { Precision::Inexact(rows) } else { Precision::Exact(rows) };
        Ok(Arc::new(statistics))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let batches = Batches {
            task: Arc::clone(&self.task),
            batch_rows: context.session_config().batch_size(),
            files: self.shares.get(partition).cloned().unwrap_or_default().into_iter(),
            open: None,
            rows_left: self.task.limit.unwrap_or(usize::MAX),
        };
        let stream = futures::stream::iter(batches);
        Ok(Box::pin(RecordBatchStreamAdapter::new(Arc::clone(&self.task.schema), stream)))
    }
}

/// The batches of one share, in order.
struct Batches {
    task: Arc<Task>,
    batch_rows: usize,
    files: std::vec::IntoIter<EventsFile>,
    open: Option<(Reading, ParquetRecordBatchReader)>,
    rows_left: usize,
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Result<RecordBatch>> {
        let result = self.advance();
        if result.is_err() {
            // An error ends the share: nobody may go on with less than all.
            self.rows_left = 0;
        }
        result.transpose()
    }
}

impl Batches {
    fn advance(&mut self) -> Result<Option<RecordBatch>> {
        while self.rows_left > 0 {
            let Some((reading, reader)) = &mut self.open else {
                let Some(file) = self.files.next() else { return Ok(None) };
                self.open = Some(self.open_file(&file)?);
                continue;
            };
            let Some(batch) = reader.next() else {
                self.open = None;
                continue;
            };
            let batch = batch.map_err(files::unreadable)?;
            let rows = batch.num_rows().min(self.rows_left);
            let batch = batch.slice(0, rows);
            self.rows_left -= rows;
            // A count needs no column, but the number of rows.
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            let schema = Arc::clone(&self.task.schema);
            return Ok(Some(RecordBatch::try_new_with_options(schema, reading.columns(&batch)?, &options)?));
        }
        Ok(None)
    }

    fn open_file(&self, file: &EventsFile) -> Result<(Reading, ParquetRecordBatchReader)> {
        let files::OpenFile { file, written, metadata } = files::open(&file.path)?;
        let written: &Schema = &written;
        let reading = Reading::new(&self.task.content, &self.task.table, &self.task.wanted, written)?;
        let mask = ProjectionMask::roots(metadata.parquet_schema(), reading.needed.iter().copied());
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
            .with_batch_size(self.batch_rows)
            .with_projection(mask)
            .build()
            .map_err(files::unreadable)?;
        Ok((reading, reader))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_shared_out_evenly() {
        let file = |rows: usize| EventsFile { path: "x".into(), rows, first_at: 0, last_at: 0 };
        let rows = |shares: Vec<Vec<EventsFile>>| -> Vec<usize> {
            shares.iter().map(|share| share.iter().map(|file| file.rows).sum()).collect()
        };
        assert_eq!(rows(share_out([5, 9, 4, 1].map(file).to_vec(), 2)), [10, 9]);
        assert_eq!(rows(share_out([5].map(file).to_vec(), 4)), [5]);
        assert_eq!(rows(share_out(Vec::new(), 2)), [0]);
    }
}

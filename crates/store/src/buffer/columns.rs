//! Rows of the buffer into the columns of a segment file.

use super::{Frozen, Row, row_ref};
use crate::StoreError;
use crate::segment::column::MISSING;
use crate::segment::format::{Layout, at, kind_index};
use crate::segment::group::{Group, NO_TEXT, Texts, Values};
use crate::segment::writer::SegmentWriter;
use crate::shapes::{Place, Shape};
use crate::text_table::{FastHash, TextTable};
use std::collections::HashMap;
use std::sync::Arc;

/// Adds rows in order; each comes with the index of its fill in `fills`.
pub(crate) fn write(
    writer: &mut SegmentWriter,
    mut rows: &[(usize, &Row)],
    fills: &[Frozen],
    ids: &TextTable,
) -> Result<(), StoreError> {
    if writer.group().1.rest.is_some() {
        // More keys than a file has columns: which of them has one is asked for each value.
        for (fill, row) in rows {
            let id = ids.get(row.key.ordinal).unwrap_or_else(|| "".into());
            writer.push(&row_ref(row, &fills[*fill], &id))?;
        }
        return Ok(());
    }
    while !rows.is_empty() {
        let (now, later) = rows.split_at(writer.room().min(rows.len()));
        let (group, layout) = writer.group();
        Filling { codes: Codes::of(group, fills), plans: HashMap::new(), group, layout, fills }.push(now, ids);
        writer.end_full_group()?;
        rows = later;
    }
    Ok(())
}

/// A property of a shape and the column that takes it.
struct Step {
    place: Place,
    column: usize,
}

/// From the codes of one fill to those of one column.
type Map = HashMap<u32, i32, FastHash>;

/// From the codes of each fill to those of each column of texts.
struct Codes {
    event: Vec<Map>,
    session: Vec<Map>,
    window: Vec<Map>,
    /// By column, then by fill.
    properties: Vec<Vec<Map>>,
}

impl Codes {
    fn of(group: &Group, fills: &[Frozen]) -> Codes {
        let maps = || fills.iter().map(|_| Map::default()).collect::<Vec<_>>();
        let properties = group.properties.iter().map(|_| maps()).collect();
        Codes { event: maps(), session: maps(), window: maps(), properties }
    }
}

struct Filling<'a> {
    group: &'a mut Group,
    layout: &'a Layout,
    fills: &'a [Frozen],
    codes: Codes,
    /// By fill and number of the shape.
    plans: HashMap<(usize, u32), Vec<Step>>,
}

impl Filling<'_> {
    fn push(mut self, rows: &[(usize, &Row)], ids: &TextTable) {
        let mut last_id = (None, NO_TEXT);
        for (fill, row) in rows {
            self.properties(*fill, row);
            let group = &mut *self.group;
            let texts = &self.fills[*fill].texts;
            let fixed = |column: &mut Texts, map: &mut Map, code: u32| {
                let code = if code == MISSING { NO_TEXT } else { translate(column, map, texts, code) };
                column.push(code);
            };
            fixed(&mut group.event, &mut self.codes.event[*fill], row.event);
            fixed(&mut group.session, &mut self.codes.session[*fill], row.session);
            fixed(&mut group.window, &mut self.codes.window[*fill], row.window);
            if last_id.0 != Some(row.key.ordinal) {
                let id = ids.get(row.key.ordinal).unwrap_or_else(|| "".into());
                last_id = (Some(row.key.ordinal), group.distinct_id.code(&id));
            }
            group.distinct_id.push(last_id.1);
            group.uuids.push(row.key.uuid);
            group.event_at.push(row.key.event_at);
            group.received_at.push(row.received_at);
            group.ordinal.push(row.key.ordinal);
            group.level.push(row.level);
            group.policy.push(row.policy);
            group.dialect.push(row.dialect);
        }
    }

    fn properties(&mut self, fill: usize, row: &Row) {
        let rows = self.group.rows();
        let frozen = &self.fills[fill];
        let layout = self.layout;
        let plan = self
            .plans
            .entry((fill, row.shape))
            .or_insert_with(|| plan(&frozen.shapes[row.shape as usize], &frozen.texts, layout));
        for step in plan {
            let values = &mut self.group.properties[step.column];
            values.fill(rows);
            match values {
                Values::Text(column) => {
                    let map = &mut self.codes.properties[step.column][fill];
                    let code = translate(column, map, &frozen.texts, row.small(step.place));
                    column.push(code);
                }
                Values::Number(values) => values.push(Some(row.number(step.place))),
                Values::Bool(values) => values.push(Some(row.small(step.place) != 0)),
                Values::Rest(_) => {}
            }
        }
    }
}

/// Which columns the properties of a shape go into. Without a rest every key has one of each of its kinds.
fn plan(shape: &Shape, texts: &[Arc<str>], layout: &Layout) -> Vec<Step> {
    let step = |place: Place| {
        let places = layout.columns.get(&*texts[place.key as usize])?;
        Some(Step { place, column: places[kind_index(place.kind)]? - at::PROPERTIES })
    };
    debug_assert!(shape.places().all(|place| step(place).is_some()), "a key without a column");
    shape.places().filter_map(step).collect()
}

fn translate(column: &mut Texts, map: &mut Map, texts: &[Arc<str>], code: u32) -> i32 {
    *map.entry(code).or_insert_with(|| column.code(texts.get(code as usize).map_or("", |text| text)))
}

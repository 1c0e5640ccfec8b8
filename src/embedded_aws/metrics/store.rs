//! Metrics and their samples in one SQLite file. All methods block on the disk.

use std::path::Path;

use rusqlite::{OptionalExtension, Transaction, params};

use crate::embedded_aws::sqlite::SqliteFile;

use super::error::MetricsError;
use super::metric::{Dimensions, Metric, Unit};
use super::statistics::Sample;

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS metrics (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    -- The time of the newest sample, in seconds since 1970.
    newest INTEGER NOT NULL,
    UNIQUE (namespace, name, dimensions)
) STRICT;

-- The same value at the same time is one row with a higher count.
CREATE TABLE IF NOT EXISTS samples (
    metric INTEGER NOT NULL REFERENCES metrics (id) ON DELETE CASCADE,
    time INTEGER NOT NULL,
    unit TEXT NOT NULL,
    minimum REAL NOT NULL,
    maximum REAL NOT NULL,
    count REAL NOT NULL,
    sum REAL NOT NULL,
    PRIMARY KEY (metric, time, unit, minimum, maximum)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS alarms (
    name TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// The samples of one report about a metric.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Report {
    pub(super) metric: Metric,
    pub(super) samples: Vec<Sample>,
}

/// What [`Store::list`] leaves out.
#[derive(Debug, Clone, Default)]
pub(super) struct MetricFilter {
    pub(super) namespace: Option<String>,
    pub(super) name: Option<String>,
    /// Names that must be there, and their values where one is given.
    pub(super) dimensions: Vec<(String, Option<String>)>,
    /// Only metrics with a sample at this second or later.
    pub(super) newest_from: i64,
}

impl MetricFilter {
    fn accepts(&self, metric: &Metric) -> bool {
        self.namespace.as_ref().is_none_or(|wanted| *wanted == metric.namespace)
            && self.name.as_ref().is_none_or(|wanted| *wanted == metric.name)
            && self.dimensions.iter().all(|(name, value)| metric.dimensions.contains(name, value.as_deref()))
    }
}

/// The file.
pub(super) struct Store {
    file: SqliteFile,
}

impl Store {
    /// Opens the file, and makes it when it is not there.
    pub(super) fn open(path: &Path) -> Result<Self, MetricsError> {
        Ok(Self { file: SqliteFile::open(path, SCHEMA)? })
    }

    /// The file, for what lies beside the samples.
    pub(super) fn file(&self) -> &SqliteFile {
        &self.file
    }

    /// Writes all of the reports or none. They are on the disk when this returns.
    pub(super) fn put(&self, reports: &[Report]) -> Result<(), MetricsError> {
        self.file.write(|state| reports.iter().try_for_each(|report| put_report(state, report)))
    }

    /// The samples from one second to another, the latter excluded, in order of time; of one unit, if
    /// one is given.
    pub(super) fn samples(
        &self,
        metric: &Metric,
        from: i64,
        to: i64,
        unit: Option<Unit>,
    ) -> Result<Vec<Sample>, MetricsError> {
        let mut samples = Vec::new();
        self.each_sample(metric, from, to, unit, |sample| samples.push(sample))?;
        Ok(samples)
    }

    /// The same samples one by one, since those of months may be more than memory should hold.
    pub(super) fn each_sample(
        &self,
        metric: &Metric,
        from: i64,
        to: i64,
        unit: Option<Unit>,
        mut take: impl FnMut(Sample),
    ) -> Result<(), MetricsError> {
        self.file.read(|state| {
            let Some(id) = find(state, metric)? else { return Ok(()) };
            let sql = "SELECT time, unit, count, sum, minimum, maximum FROM samples \
                       WHERE metric = ?1 AND time >= ?2 AND time < ?3 AND (?4 IS NULL OR unit = ?4) ORDER BY time";
            let mut statement = state.prepare_cached(sql)?;
            let mut rows = statement.query(params![id, from, to, unit.map(Unit::as_str)])?;
            while let Some(row) = rows.next()? {
                let unit: String = row.get(1)?;
                take(Sample {
                    time: row.get(0)?,
                    unit: Unit::named(&unit).unwrap_or(Unit::NONE),
                    count: row.get(2)?,
                    sum: row.get(3)?,
                    minimum: row.get(4)?,
                    maximum: row.get(5)?,
                });
            }
            Ok(())
        })
    }

    /// At most `most` metrics with their numbers, of those with a number above `after`.
    pub(super) fn list(
        &self,
        filter: &MetricFilter,
        after: i64,
        most: usize,
    ) -> Result<Vec<(i64, Metric)>, MetricsError> {
        self.file.read(|state| {
            let sql = "SELECT id, namespace, name, dimensions FROM metrics \
                       WHERE id > ?1 AND newest >= ?2 ORDER BY id";
            let mut statement = state.prepare_cached(sql)?;
            let mut rows = statement.query(params![after, filter.newest_from])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()?
                && found.len() < most
            {
                let dimensions = Dimensions::from_stored(&row.get::<_, String>(3)?)?;
                let metric = Metric { namespace: row.get(1)?, name: row.get(2)?, dimensions };
                if filter.accepts(&metric) {
                    found.push((row.get(0)?, metric));
                }
            }
            Ok(found)
        })
    }

    /// Removes samples of before this second, and metrics that have none any more. Returns how many
    /// samples there were.
    pub(super) fn remove_before(&self, second: i64) -> Result<usize, MetricsError> {
        self.file.write(|state| {
            let removed = state.execute("DELETE FROM samples WHERE time < ?1", [second])?;
            if removed > 0 {
                state.execute(
                    "DELETE FROM metrics WHERE newest < ?1 \
                     AND NOT EXISTS (SELECT 1 FROM samples WHERE metric = metrics.id)",
                    [second],
                )?;
            }
            Ok(removed)
        })
    }
}

fn find(state: &Transaction<'_>, metric: &Metric) -> Result<Option<i64>, MetricsError> {
    let sql = "SELECT id FROM metrics WHERE namespace = ?1 AND name = ?2 AND dimensions = ?3";
    let key = params![metric.namespace, metric.name, metric.dimensions.to_stored()];
    Ok(state.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?)
}

fn put_report(state: &Transaction<'_>, report: &Report) -> Result<(), MetricsError> {
    let Some(newest) = report.samples.iter().map(|sample| sample.time).max() else { return Ok(()) };
    let metric = &report.metric;
    let sql = "INSERT INTO metrics (namespace, name, dimensions, newest) VALUES (?1, ?2, ?3, ?4) \
               ON CONFLICT DO UPDATE SET newest = max(newest, excluded.newest) RETURNING id";
    let row = params![metric.namespace, metric.name, metric.dimensions.to_stored(), newest];
    let id: i64 = state.prepare_cached(sql)?.query_row(row, |row| row.get(0))?;
    let mut insert = state.prepare_cached(
        "INSERT INTO samples (metric, time, unit, minimum, maximum, count, sum) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
         ON CONFLICT DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum",
    )?;
    for sample in &report.samples {
        let Sample { time, unit, count, sum, minimum, maximum } = sample;
        insert.execute(params![id, time, unit.as_str(), minimum, maximum, count, sum])?;
    }
    Ok(())
}

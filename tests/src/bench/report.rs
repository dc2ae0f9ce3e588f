//! Collects figures and prints them as a table.

use super::load::Load;

/// One figure beside its limit.
pub(super) struct Row {
    pub(super) what: String,
    pub(super) measured: String,
    /// The limit of the same run, when there is one.
    pub(super) limit: String,
    /// Measured to limit; above 1 is better than the limit.
    pub(super) ratio: Option<f64>,
    pub(super) aim: &'static str,
    pub(super) load: Option<Load>,
}

#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
    sections: Vec<String>,
}

impl Report {
    /// Adds a row, and shows it at once.
    pub(super) fn row(&mut self, row: Row) {
        eprintln!("{}", line(&row));
        self.rows.push(row);
    }

    /// Adds what does not fit into a row, and shows it at once. It follows the table.
    pub(super) fn section(&mut self, markdown: String) {
        eprintln!("{markdown}");
        self.sections.push(markdown);
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = machine();
        text.push_str(
            "\n| | measured | limit in the same run | ratio | aim | CPU other · PostgreSQL · RabbitMQ · courtier · bench, % of one core |\n|---|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            text.push_str(&line(row));
            text.push('\n');
        }
        self.sections.iter().for_each(|section| text.push_str(section));
        text
    }
}

fn line(row: &Row) -> String {
    let ratio = row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
    let load = row.load.as_ref().map(ToString::to_string).unwrap_or_default();
    let Row { what, measured, limit, aim, .. } = row;
    format!("| {what} | {measured} | {limit} | {ratio} | {aim} | {load} |")
}

/// What the figures were measured on.
fn machine() -> String {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    let (cpu, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let model = field(&cpu, "model name").unwrap_or("unknown processor");
    let kib: u64 = field(&memory, "MemTotal")
        .and_then(|text| text.trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} cores of {model}, {} GiB.\n", kib >> 20)
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim())
}

/// `n` with thousands separated.
pub(super) fn thousands(n: f64) -> String {
    let digits = format!("{n:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        let texts = [0.0, 999.4, 1_000.0, 1_234_567.0].map(thousands);
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }
}

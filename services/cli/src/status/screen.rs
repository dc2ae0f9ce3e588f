//! A terminal that is drawn anew again and again, and left as it was.

use std::io::{self, Stdout, Write, stdout};

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use crossterm::{execute, queue, terminal};

/// The other screen of the terminal; dropped, the first one is back.
pub(super) struct Screen {
    out: Stdout,
}

impl Screen {
    pub(super) fn open() -> io::Result<Screen> {
        let mut out = stdout();
        execute!(out, EnterAlternateScreen, Hide)?;
        Ok(Screen { out })
    }

    /// Shows what fits of a text, without flicker.
    pub(super) fn show(&mut self, text: &str) -> io::Result<()> {
        // Some terminals do not know their size, and say nothing or zero.
        let size = terminal::size().ok().filter(|(width, height)| *width > 0 && *height > 0);
        let (width, height) = size.unwrap_or((120, 50));
        queue!(self.out, BeginSynchronizedUpdate, MoveTo(0, 0))?;
        for (row, line) in (0..height).zip(text.lines()) {
            let line: String = line.chars().take(width.into()).collect();
            queue!(self.out, MoveTo(0, row), Clear(ClearType::CurrentLine))?;
            write!(self.out, "{line}")?;
        }
        queue!(self.out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
        self.out.flush()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Nothing can be done for a terminal that is gone.
        drop(execute!(self.out, Show, LeaveAlternateScreen));
    }
}

//! Bytes with numbers, lines and marks in them.

/// Added to every byte that is not text: small numbers then look like letters, and a compressor
/// that meets tables and names together needs one alphabet for both.
pub const SHIFT: u8 = b'a';

/// Every how many names and rows a mark says where one starts.
pub const NAMES_PER_MARK: usize = 32;
pub const ROWS_PER_MARK: usize = 16;

/// One string for everything: a compressor then meets texts, numbers and marks in this order.
#[derive(Default)]
pub struct Blob(pub Vec<u8>);

impl Blob {
    /// Adds lines; gives the place of the first one.
    pub fn text<S: AsRef<str>>(&mut self, lines: &[S]) -> usize {
        let start = self.0.len();
        for line in lines {
            self.0.extend(line.as_ref().as_bytes());
            self.0.push(b'\n');
        }
        start
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> usize {
        let start = self.0.len();
        self.0
            .extend(bytes.iter().map(|byte| byte.wrapping_add(SHIFT)));
        start
    }

    /// Adds numbers of two bytes, small end first.
    pub fn marks(&mut self, marks: impl Iterator<Item = usize>) -> usize {
        let start = self.0.len();
        self.0
            .extend(marks.flat_map(|mark| small(mark).to_le_bytes()));
        start
    }
}

/// Rows of different length, with a mark every few of them.
#[derive(Default)]
pub struct Rows {
    pub bytes: Vec<u8>,
    pub marks: Vec<usize>,
    rows: usize,
}

impl Rows {
    pub fn row(&mut self) -> &mut Vec<u8> {
        if self.rows.is_multiple_of(ROWS_PER_MARK) {
            self.marks.push(self.bytes.len());
        }
        self.rows += 1;
        &mut self.bytes
    }
}

/// Where every so many of these lines starts.
pub fn marks_of<S: AsRef<str>>(names: &[S]) -> Vec<usize> {
    let mut start = 0;
    let starts = names.iter().map(|name| {
        start += name.as_ref().len() + 1;
        start - name.as_ref().len() - 1
    });
    starts.step_by(NAMES_PER_MARK).collect()
}

/// A number as seven bits a byte, the small end first.
pub fn put_varint(out: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// A number that has to fit.
pub fn small(value: usize) -> u16 {
    value.try_into().expect("the tables stay below 64 KB")
}

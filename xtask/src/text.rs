//! WebAssembly bytes as JavaScript text.
//!
//! The 88 most frequent bytes are written as one printable ASCII character each, the others as an escape
//! character and a second one. After gzip this weighs hardly more than the bytes themselves, because a byte
//! keeps its boundary; base64 shifts them by six bits and loses a third. `<`, the backslash and the three
//! quotes are never used, so the text needs no escape in any script or string. `pkg/text.js` reads it.

/// Printable ASCII without `<`, the backslash and the quotes: 90 characters, the last two are the escapes.
const CHARACTERS: [u8; 90] = characters();
const SINGLES: usize = CHARACTERS.len() - 2;
/// How many bytes the first escape stands for; the second takes the rest.
const PER_ESCAPE: usize = (256 - SINGLES) / 2;

/// Bytes as text.
pub struct Text {
    pub text: String,
    /// Which bytes are written as one character: 64 hexadecimal digits, bit `b % 4` of digit `b / 4` for byte `b`.
    pub alphabet: String,
}

/// Encodes `bytes`.
pub fn encode(bytes: &[u8]) -> Text {
    let mut counts = [0_usize; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let mut by_frequency: Vec<u8> = (0..=255).collect();
    by_frequency.sort_by_key(|&byte| std::cmp::Reverse(counts[usize::from(byte)]));
    let mut single = [false; 256];
    for &byte in &by_frequency[..SINGLES] {
        single[usize::from(byte)] = true;
    }

    let mut codes: Vec<Vec<u8>> = Vec::with_capacity(256);
    let (mut singles, mut escaped) = (0, 0);
    for is_single in single {
        if is_single {
            codes.push(vec![CHARACTERS[singles]]);
            singles += 1;
        } else {
            codes.push(vec![
                CHARACTERS[SINGLES + escaped / PER_ESCAPE],
                CHARACTERS[escaped % PER_ESCAPE],
            ]);
            escaped += 1;
        }
    }
    let text = bytes
        .iter()
        .flat_map(|&byte| &codes[usize::from(byte)])
        .map(|&code| char::from(code))
        .collect();
    let alphabet = single
        .chunks(4)
        .map(|bits| {
            let digit = bits
                .iter()
                .enumerate()
                .map(|(at, &bit)| u32::from(bit) << at)
                .sum();
            char::from_digit(digit, 16).expect("four bits are one digit")
        })
        .collect();
    Text { text, alphabet }
}

/// The JavaScript module that holds `bytes`.
pub fn module(bytes: &[u8]) -> String {
    let Text { text, alphabet } = encode(bytes);
    format!("export const alphabet = \"{alphabet}\";\nexport const text = \"{text}\";\n")
}

const fn characters() -> [u8; 90] {
    let mut characters = [0; 90];
    let (mut character, mut at) = (b' ', 0);
    while character <= b'~' {
        if !matches!(character, b'<' | b'\\' | b'"' | b'\'' | b'`') {
            characters[at] = character;
            at += 1;
        }
        character += 1;
    }
    characters
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same reading as `pkg/text.js`, from the description alone.
    fn decode(Text { text, alphabet }: &Text) -> Vec<u8> {
        let is_single = |byte: usize| {
            let digit = char::from(alphabet.as_bytes()[byte / 4])
                .to_digit(16)
                .expect("a hexadecimal digit");
            digit >> (byte % 4) & 1 == 1
        };
        let singles: Vec<usize> = (0..256).filter(|&byte| is_single(byte)).collect();
        let others: Vec<usize> = (0..256).filter(|&byte| !is_single(byte)).collect();
        let rank = |code: u8| {
            CHARACTERS
                .iter()
                .position(|&other| other == code)
                .expect("a character of the code")
        };
        let mut bytes = Vec::new();
        let mut codes = text.bytes();
        while let Some(code) = codes.next() {
            bytes.push(match rank(code) {
                rank if rank < SINGLES => singles[rank],
                escape => {
                    others[(escape - SINGLES) * PER_ESCAPE
                        + rank(codes.next().expect("a second character"))]
                }
            } as u8);
        }
        bytes
    }

    #[test]
    fn every_byte_comes_back() {
        let bytes: Vec<u8> = (0..=255).chain((0..=255).rev()).chain([0; 300]).collect();
        assert_eq!(decode(&encode(&bytes)), bytes);
        assert_eq!(decode(&encode(&[])), Vec::<u8>::new());
    }

    #[test]
    fn the_text_needs_no_escape_in_a_script_or_string() {
        let bytes: Vec<u8> = (0..=255).collect();
        let Text { text, .. } = encode(&bytes);
        assert!(
            text.bytes()
                .all(|byte| matches!(byte, b' '..=b'~') && !b"<\\\"'`".contains(&byte))
        );
        assert_eq!(text.len(), SINGLES + 2 * (256 - SINGLES));
    }

    #[test]
    fn frequent_bytes_take_one_character() {
        let text = encode(&[b'x'; 1000]).text;
        assert_eq!(text.len(), 1000);
    }
}

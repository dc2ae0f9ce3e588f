//! Letters without accents or case.

/// Appends `text` to `folded` in lower-case ASCII, other signs as spaces, and returns how many
/// letters belong to other scripts.
pub(crate) fn fold(text: &str, folded: &mut String) -> usize {
    let start = folded.len();
    let mut foreign = 0;
    let mut rest = text;
    loop {
        let plain = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (ascii, other) = rest.split_at(plain);
        folded.push_str(ascii);
        let mut letters = other.chars();
        let Some(letter) = letters.next() else {
            break;
        };
        foreign += usize::from(latin(letter).is_none() && letter.is_alphabetic());
        folded.push_str(latin(letter).unwrap_or(" "));
        rest = letters.as_str();
    }
    folded[start..].make_ascii_lowercase();
    foreign
}

/// The plain form of a letter or sign that Western European titles have.
fn latin(letter: char) -> Option<&'static str> {
    let plain = match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'ç' | 'Ç' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'ñ' | 'Ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'ý' | 'ÿ' | 'Ý' => "y",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        '×' => "x",
        '⁄' | '∕' | '／' => "/",
        // Letters to Unicode, but part of names (δ species) and numbers (n°, 1ª).
        'δ' | 'ª' | 'º' => " ",
        // Combining accents, as some systems write them after the letter.
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    };
    Some(plain)
}

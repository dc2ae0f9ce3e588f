use proptest::prelude::*;

use super::*;
use crate::card::{Card, NumberFormat, Overrides, Set};
use crate::import::{Format, read_dump};
use crate::{Variant, query};

fn edits(file: &str) -> Vec<Result<(u64, Edit), BadLine>> {
    Edits::open(file.as_bytes()).unwrap().collect()
}

fn update(row: &Result<(u64, Edit), BadLine>) -> &Update {
    match row {
        Ok((_, Edit::Update(update))) => update,
        other => panic!("no update: {other:?}"),
    }
}

fn create(row: &Result<(u64, Edit), BadLine>) -> &Create {
    match row {
        Ok((_, Edit::Create(create))) => create,
        other => panic!("no create: {other:?}"),
    }
}

fn problem(row: &Result<(u64, Edit), BadLine>) -> String {
    row.as_ref().unwrap_err().to_string()
}

#[test]
fn rows_with_an_id_change_a_card() {
    let rows = edits(concat!(
        "\u{feff}id;name;local_id;set_name;set_cardcount_official;card_number_format;",
        "card_number_padded;ebay_query\r\n",
        "123;Pikachu;25;;;;;\r\n",
        "# a remark\r\n",
        ";;;;;;;\r\n",
        "ab2-H01-HOLO;;H01;;H32;local_only;oui;\"(pikachu, raichu) 25\"\r\n",
    ));
    assert_eq!(rows.len(), 2);
    let first = update(&rows[0]);
    assert_eq!(first.key, CardKey::Number(123));
    assert_eq!(first.name.as_deref(), Some("Pikachu"));
    assert_eq!((first.card_number_format, first.card_number_padded), (None, None));
    let second = update(&rows[1]);
    assert_eq!(second.key, CardKey::TcgdexId("ab2-H01-HOLO".into()));
    assert_eq!(second.card_count_official.as_deref(), Some("H32"));
    assert_eq!(second.card_number_format, Some(NumberFormat::LocalOnly));
    assert_eq!(second.card_number_padded, Some(true));
    assert_eq!(second.ebay_query.as_deref(), Some("(pikachu, raichu) 25"));
    assert_eq!(rows[1].as_ref().unwrap().0, 5, "lines are counted with remarks and empty ones");
}

#[test]
fn rows_without_an_id_create_a_card_and_if_need_be_its_set() {
    let rows = edits(concat!(
        "id;name;local_id;set_id;set_name;set_cardcount_official;variant\n",
        ";Pikachu;25;ab1;Aube;102;reverse\n",
        ";Raichu;26;zz9;;;\n",
    ));
    let pikachu = create(&rows[0]);
    let set = pikachu.new_set();
    assert_eq!((set.name.as_str(), set.card_count_official), ("Aube", Some(102)));
    let card = pikachu.card(&set);
    assert_eq!(card.tcgdex_id, "ab1-25-REVERSE");
    assert_eq!((card.variant, card.is_active), (Variant::Reverse, true));
    assert_eq!(query::build(&card).unwrap(), "Pikachu 25/102");
    // A set that nobody named is called by its id; one that exists gives its name and total.
    let raichu = create(&rows[1]);
    assert_eq!(raichu.new_set().name, "zz9");
    let card = raichu.card(&Set {
        name: "Zénith".into(),
        card_count_official: Some(159),
        ..Set::default()
    });
    assert_eq!((card.set_name.as_str(), card.variant), ("Zénith", Variant::Normal));
    assert_eq!(card.card_number_full.as_deref(), Some("26/159"));
}

#[test]
fn a_bad_line_says_what_would_be_right_and_the_others_go_on() {
    let long_query = "pikachu ".repeat(20);
    let rows = edits(&format!(
        "id;name;local_id;set_id;variant;card_number_format;card_number_padded;ebay_query\n\
         ;;4;ab1;SHINY;TOTAL;perhaps;\n\
         ;Pikachu;25/102;ab 1;;;;\n\
         7;;;;;;;{long_query}\n\
         7;;;ab1;;;;\n\
         7;Pikachu;25;;;;;;too;many\n\
         ;Pikachu;25;ab1;;;;\n\
         ;Pikachu;25;ab1;NORMAL;;;\n\
         99999999999999999999;;;;;;;\n"
    ));
    let shown = problem(&rows[0]);
    assert!(shown.starts_with("line 2: "), "{shown}");
    for part in [
        "column `name`: must not be empty",
        "`SHINY` is not possible here; write NORMAL",
        "`TOTAL` is not possible here; write LOCAL_ONLY",
        "`perhaps` is not possible here; write true, false",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert!(problem(&rows[1]).contains("write `25` here and `102` in set_cardcount_official"));
    assert!(problem(&rows[1]).contains("column `set_id`: only letters"));
    assert!(problem(&rows[2]).contains("column `ebay_query`: at most 100 characters"));
    assert!(problem(&rows[3]).contains("a card does not change its set"));
    assert!(problem(&rows[4]).contains("10 cells, and the first line names 8"));
    assert_eq!(create(&rows[5]).tcgdex_id(), "ab1-25-NORMAL");
    assert_eq!(problem(&rows[6]), "line 8: line 7 creates `ab1-25-NORMAL` already");
    assert!(problem(&rows[7]).contains("column `id`"));
}

#[test]
fn a_total_may_stand_in_set_id_when_a_card_is_changed() {
    let rows = edits("id;set_id;set_cardcount_official\n1;H32;\n2;102;99\n");
    assert_eq!(update(&rows[0]).card_count_official.as_deref(), Some("H32"));
    assert_eq!(update(&rows[1]).card_count_official.as_deref(), Some("99"));
}

#[test]
fn bytes_that_are_not_utf_8_spoil_one_line() {
    let rows: Vec<_> =
        Edits::open(&b"id;name\n1;Caf\xe9\n2;Salam\xc3\xa8che\n"[..]).unwrap().collect();
    assert!(problem(&rows[0]).contains("column `name`: the text is not UTF-8"));
    assert_eq!(update(&rows[1]).name.as_deref(), Some("Salamèche"));
}

#[test]
fn a_header_must_name_an_id_once() {
    let open = |file: &'static str| Edits::open(file.as_bytes()).map(|_| ());
    assert!(matches!(open(""), Err(FileError::Empty)));
    let error = open("id,name\n1,Pikachu\n").unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `id` is missing; the first line must name the columns, parted by `;`"
    );
    assert!(matches!(open("id;name;name\n"), Err(FileError::RepeatedColumn(_))));
    let edits = Edits::open("ID; Name ;Prix\n".as_bytes()).unwrap();
    assert_eq!(edits.ignored_columns(), ["prix"]);
}

#[test]
fn an_update_changes_what_differs_and_says_what() {
    let mut card = Card {
        name: "Pikachu".into(),
        local_id: "25".into(),
        overrides: Overrides { name: Some("Pika".into()), ..Overrides::default() },
        ..Card::default()
    };
    let rows = edits(concat!(
        "id;name;local_id;set_cardcount_official;card_number_padded\n",
        "1;Pikachu;25;102;1\n",
        "1;Pikachu;25;102;1\n",
        "1;Pika;;;\n",
    ));
    let changed = update(&rows[0]).apply(&mut card);
    assert_eq!(changed, ["name", "set_cardcount_official", "card_number_padded"]);
    assert_eq!(card.overrides.name, None, "the source's own name needs no override");
    assert_eq!(card.effective_number_full().as_deref(), Some("025/102"));
    assert!(update(&rows[1]).apply(&mut card).is_empty());
    assert_eq!(update(&rows[2]).apply(&mut card), ["name"]);
    assert_eq!(card.effective_name(), "Pika");
}

#[test]
fn the_layouts_are_told_apart() {
    assert_eq!(Format::detect(b"\xef\xbb\xbftcgdex_id,serie_id,set_id\n"), Format::Dump);
    assert_eq!(Format::detect(b"id;name\n"), Format::Edits);
    assert_eq!(Format::detect(b""), Format::Edits);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let header = b"id;name;local_id;set_id;variant;card_number_format\n".to_vec();
        for file in [bytes.clone(), [header, bytes.clone()].concat()] {
            if let Ok(edits) = Edits::open(&file[..]) {
                prop_assert!(edits.count() <= file.len());
            }
        }
        let header = format!("{}\n", crate::import::dump::COLUMNS.join(","));
        let file = [header.into_bytes(), bytes].concat();
        let dump = read_dump(&file[..]).unwrap();
        prop_assert!(dump.cards.len() <= 4 * file.len());
    }
}

use super::*;
use crate::Variant;
use crate::card::NumberFormat;

const HEADER: &str = "tcgdex_id,serie_id,set_id,set_fr,set_en,official_count,released,local_id,\
                      name_fr,name_en,rarity,cardmarket_id,variants_raw\n";

fn read(rows: &str) -> Dump {
    read_dump(format!("{HEADER}{rows}").as_bytes()).unwrap()
}

#[test]
fn a_row_becomes_a_set_and_a_card_for_each_variant() {
    let dump = read(concat!(
        "ab1-4,ab,ab1,Aube,Dawn,88,2021-03-19,004,Dracolin,Drakelet,Rare,1234,",
        "\"[{type:'normal',thirdParty:{cardmarket:1234}},{type:'reverse'}]\"\n",
        "ab1-5,ab,ab1,Aube,Dawn,88,2021-03-19,005,,Embercat,None,,\n",
    ));
    assert_eq!(dump.bad_lines, []);
    let set = &dump.sets[0];
    assert_eq!((set.id.as_str(), set.name.as_str()), ("ab1", "Aube"));
    assert_eq!((set.card_count, set.card_count_official), (Some(2), Some(88)));
    assert_eq!(set.release_date, Some(jiff::civil::date(2021, 3, 19)));
    let ids: Vec<_> = dump.cards.iter().map(|card| card.tcgdex_id.as_str()).collect();
    assert_eq!(ids, ["ab1-4-NORMAL", "ab1-4-REVERSE", "ab1-5-NORMAL"]);
    let reverse = &dump.cards[1];
    assert_eq!(reverse.variant, Variant::Reverse);
    assert_eq!(reverse.cardmarket_id, Some(1234));
    assert_eq!(reverse.name_en.as_deref(), Some("Drakelet"));
    assert_eq!(reverse.effective_number_full().as_deref(), Some("004/088"));
    assert_eq!(reverse.card_number_format, NumberFormat::LocalTotal);
    // Without a French name, the English one; without a rarity, none.
    let untranslated = &dump.cards[2];
    assert_eq!((untranslated.name.as_str(), &untranslated.rarity), ("Embercat", &None));
    assert!(untranslated.is_active);
}

#[test]
fn a_bad_line_names_its_columns_and_the_others_go_on() {
    let dump = read(concat!(
        "ab1-1,ab,ab1,Aube,,88,soon,1,Dracolin,,,x,\n",
        ",ab,ab1,Aube,,88,,2,,,,,\n",
        "ab1-3,ab,ab1,Aube,,88,,3,Dracolin,,,,,,,\n",
        "ab1-4,ab,ab1,Aube,,88,,4,Dracolin,,,,\n",
    ));
    assert_eq!(dump.cards.len(), 1);
    let columns = |n: usize| {
        let problems = dump.bad_lines[n].problems.iter();
        problems.map(|problem| problem.column).collect::<Vec<_>>()
    };
    assert_eq!(dump.bad_lines.iter().map(|bad| bad.line).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(columns(0), [Some("released"), Some("cardmarket_id")]);
    assert_eq!(columns(1), [Some("tcgdex_id"), Some("name_fr")]);
    assert_eq!(columns(2), [None]);
    let shown = dump.bad_lines[1].to_string();
    assert!(shown.starts_with("line 3: column `tcgdex_id`: must not be empty"), "{shown}");
}

#[test]
fn every_column_must_be_there() {
    let error = read_dump("tcgdex_id,set_id\n".as_bytes()).unwrap_err();
    assert!(error.to_string().contains("column `serie_id` is missing"), "{error}");
    assert!(matches!(read_dump("".as_bytes()), Err(FileError::Empty)));
}

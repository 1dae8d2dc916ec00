//! Workbooks as people have them: the console's report, a bulksheet of many tabs, archives, and files made to do harm.

use std::io::{Cursor, Write};

use jiff::civil::date;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::tests::{Out, read_as, row};
use super::*;
use crate::domain::money::Micros;
use crate::domain::term::Named;

/// What stands in a cell.
#[derive(Clone, Copy)]
enum Cell<'a> {
    /// Text of the workbook's list of texts.
    Shared(&'a str),
    /// Text of its own.
    Inline(&'a str),
    Number(&'a str),
    /// A number that is shown as a day.
    Day(u32),
    Nothing,
}
use Cell::{Day, Inline, Nothing, Number, Shared};

fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Where a package has its workbook ("ECMA-376 Part 2, 9.3").
const PACKAGE: &[u8] = b"<Relationships><Relationship Id=\"r1\" Target=\"xl/workbook.xml\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/></Relationships>";

/// One cell as a sheet writes it; shared texts go into their list.
fn cell<'a>(place: &str, cell: Cell<'a>, texts: &mut Vec<&'a str>) -> String {
    match cell {
        Shared(text) => {
            texts.push(text);
            format!("<c r=\"{place}\" t=\"s\"><v>{}</v></c>", texts.len() - 1)
        }
        Inline(text) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(text)),
        Number(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
        Day(days) => format!("<c r=\"{place}\" s=\"1\"><v>{days}</v></c>"),
        Nothing => String::new(),
    }
}

/// A workbook as small as one can be ("ECMA-376 Part 1, 18. `SpreadsheetML`").
fn workbook(tabs: &[(&str, &[Vec<Cell<'_>>])]) -> Vec<u8> {
    const OF: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    // 14 is the number of the short date ("18.8.30 numFmt").
    const STYLES: &str =
        "<styleSheet><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let mut texts: Vec<&str> = Vec::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    let (mut sheets, mut targets) = (Vec::new(), Vec::new());
    for (n, (name, rows)) in (1..).zip(tabs) {
        let mut lines = Vec::new();
        for (row, cells) in (1..).zip(*rows) {
            let place = |column: usize| format!("{}{row}", book::letters(column));
            let cells: Vec<String> =
                cells.iter().enumerate().map(|(at, one)| cell(&place(at), *one, &mut texts)).collect();
            lines.push(format!("<row r=\"{row}\">{}</row>", cells.concat()));
        }
        let xml = format!("<worksheet><sheetData>{}</sheetData></worksheet>", lines.concat());
        parts.push((format!("xl/worksheets/sheet{n}.xml"), xml));
        sheets.push(format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"r{n}\"/>"));
        targets.push(format!(
            "<Relationship Id=\"r{n}\" Target=\"worksheets/sheet{n}.xml\" Type=\"{OF}/worksheet\"/>"
        ));
    }
    let list: Vec<String> = texts.iter().map(|text| format!("<si><t>{}</t></si>", escaped(text))).collect();
    let shared = format!("<sst uniqueCount=\"{}\">{}</sst>", texts.len(), list.concat());
    let book = format!("<workbook xmlns:r=\"{OF}\"><sheets>{}</sheets></workbook>", sheets.concat());
    let rels = format!("<Relationships>{}</Relationships>", targets.concat());
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", PACKAGE),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", rels.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/sharedStrings.xml", shared.as_bytes()),
    ];
    all.extend(parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())));
    packed(&all)
}

const HEADINGS: [&str; 11] = [
    "Start Date",
    "End Date",
    "Currency",
    "Campaign Name",
    "Ad Group Name",
    "Customer Search Term",
    "Impressions",
    "Clicks",
    "Spend",
    "7 Day Total Sales ",
    "7 Day Total Orders (#)",
];

fn heading() -> Vec<Cell<'static>> {
    HEADINGS.into_iter().map(Shared).collect()
}

fn amazon(bytes: &[u8]) -> Result<Out, Problem> {
    read_as("amazon", bytes, &Asked::default())
}

#[test]
fn the_consoles_workbook_has_days_and_numbers_for_cells() {
    // 46,266 is 2026-09-01.
    let line = |term, clicks| {
        vec![
            Day(46_266),
            Day(46_295),
            Shared("USD"),
            Shared("Espresso"),
            Shared("Beans & more"),
            term,
            Number("1000"),
            clicks,
            Number("1006.5"),
            Number("40"),
            Number("2"),
        ]
    };
    let rows = [
        heading(),
        line(Inline("decaf <beans>"), Number("12")),
        line(Shared("*"), Number("1")),
        line(Shared("tea"), Shared("ten")),
    ];
    let out = amazon(&workbook(&[("Sponsored_Products_Search_Term_", &rows)])).unwrap();
    assert_eq!((out.rows.len(), out.passed_over.len(), out.rejected.len()), (1, 1, 1));
    let read = &out.rows[0];
    assert_eq!(read.text.raw(), "decaf <beans>");
    assert_eq!((read.from, read.to), (date(2026, 9, 1), date(2026, 9, 30)));
    assert_eq!(read.ad_group, Some(Named::Name("Beans & more".into())));
    let figures = (read.figures.clicks, read.figures.spend, read.figures.orders, read.figures.sales);
    assert_eq!(figures, (12, Micros(1_006_500_000), 2, Micros(40_000_000)));
    assert_eq!(
        out.rejected[0].says(),
        "tab Sponsored_Products_Search_Term_, row 4, column H (Clicks): ten is no number"
    );
}

#[test]
fn a_bulksheets_tab_is_found_by_its_heading() {
    let campaigns = [vec![Shared("Product"), Shared("Entity"), Shared("Operation"), Shared("Campaign ID")]];
    let headings = [
        "Product",
        "Campaign ID",
        "Ad Group ID",
        "Customer Search Term",
        "Impressions",
        "Clicks",
        "Spend",
        "Sales",
        "Orders",
    ];
    let mut line: Vec<Cell<'_>> = vec![Shared("Sponsored Products"), Shared("10"), Number("100")];
    line.extend([Shared("free pods"), Number("1000"), Number("2"), Number("1.5"), Number("0"), Nothing]);
    let terms = [headings.into_iter().map(Shared).collect(), line];
    let name = "bulk-x-20260901-20260901-1.xlsx";
    let currency = Some(Currency::new("USD"));
    for tabs in [
        [("Sponsored Products Campaigns", &campaigns[..]), ("SP Search Term Report", &terms)],
        [("SP Search Term Report", &campaigns), ("Tabelle2", &terms)],
    ] {
        let asked = Asked { name, currency: currency.clone(), ..Asked::default() };
        let out = read_as("amazon", &workbook(&tabs), &asked).unwrap();
        assert_eq!(out.rows, [row("free pods", 2, 1_500_000, 0, 0)]);
    }
    // A bulksheet's campaigns share most headings with its terms: the tab that lacks least is the one that was meant.
    let wide =
        [["Campaign ID", "Ad Group ID", "Start Date", "End Date", "Clicks", "Impressions", "Sales", "Orders"]
            .into_iter()
            .map(Shared)
            .collect()];
    let narrow = [headings.into_iter().filter(|one| *one != "Spend").map(Shared).collect()];
    let tabs = [("Sponsored Products Campaigns", &wide[..]), ("SP Search Term Report", &narrow)];
    let problem = amazon(&workbook(&tabs)).err().unwrap();
    assert!(problem.title.contains("no column for spend"), "{problem}");
    assert!(problem.detail.starts_with("tab SP Search Term Report:"), "{problem}");
    let problem =
        amazon(&workbook(&[("Campaigns", &campaigns), ("Notes", &[vec![Shared("x")]])])).err().unwrap();
    assert!(problem.title.contains("no column for the search term"), "{problem}");
    assert!(problem.detail.starts_with("tab Campaigns:"), "{problem}");
    assert!(problem.detail.ends_with("its tabs are Campaigns, Notes"), "{problem}");
}

#[test]
fn many_rows_come_in_their_order() {
    let texts: Vec<String> = (0..2_000).map(|n| format!("term {n}")).collect();
    let mut rows = vec![heading()];
    for text in &texts {
        let mut cells = vec![Day(46_266), Day(46_266), Shared("USD"), Shared("A"), Shared("B"), Inline(text)];
        cells.extend([Number("1"); 5]);
        rows.push(cells);
    }
    let out = amazon(&workbook(&[("Report", &rows)])).unwrap();
    assert!(out.rows.iter().map(|row| row.text.raw()).eq(texts.iter().map(String::as_str)));
}

#[test]
fn an_id_that_a_spreadsheet_rounded_is_not_taken_for_one() {
    let mut headings: Vec<Cell<'_>> = heading();
    headings.push(Shared("Campaign ID"));
    let line = |campaign, id| {
        let mut cells = vec![Day(46_266), Day(46_266), Shared("USD"), campaign, Shared("B"), Shared("tea")];
        cells.extend([Number("1"); 5]);
        cells.push(id);
        cells
    };
    let rounded = Number("2.81474976710657E+17");
    let rows = [
        headings,
        line(Shared("Espresso"), rounded),
        line(Nothing, rounded),
        line(Nothing, Number("4503599627370497")),
    ];
    let out = amazon(&workbook(&[("Report", &rows)])).unwrap();
    assert_eq!(out.rows[0].campaign, Named::Name("Espresso".into()));
    assert_eq!(out.rows[1].campaign, Named::Id("4503599627370497".into()));
    assert!(out.rejected[0].says().contains("row 3, column L (Campaign ID): 2.81474976710657E17 was an id"));
}

#[test]
fn one_report_in_an_archive_is_read_and_several_are_named() {
    let csv = "date,campaignId,adGroupId,searchedKeyword,numAdsShown,numAdsClicks,adSpend,attributedOrders14days,attributedSales14days\n\
        2026-09-01,10,100,pepsi cola,1000,4,2.5,1,8.0\n";
    let one = packed(&[("readme/", b""), ("report.CSV", csv.as_bytes()), ("__MACOSX/._report.csv", b"x")]);
    let out = read_as("sams", &one, &Asked::default()).unwrap();
    assert_eq!(out.rows, [row("pepsi cola", 4, 2_500_000, 1, 8_000_000)]);
    let two = read_as("sams", &packed(&[("a.csv", b"x"), ("b.csv", b"y")]), &Asked::default()).err().unwrap();
    assert_eq!((&*two.title, &*two.detail), ("The archive holds 2 reports", "a.csv, b.csv"));
    assert!(read_as("sams", &packed(&[("a.png", b"x")]), &Asked::default()).is_err());
}

#[test]
fn hostile_workbooks_end_in_a_refusal_not_in_memory() {
    let sheet = |part: &str, bytes: &[u8]| {
        packed(&[
            ("[Content_Types].xml", b"<Types/>"),
            ("_rels/.rels", PACKAGE),
            ("xl/workbook.xml", b"<workbook xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", b"<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"/></Relationships>"),
            (part, bytes),
        ])
    };
    let why = |bytes: &[u8]| amazon(bytes).err().unwrap().to_string();
    // Room for a million million texts would be made at once.
    let counted = sheet("xl/sharedStrings.xml", b"<sst uniqueCount=\"1000000000000\"></sst>");
    assert!(why(&counted).contains("says that it has 1000000000000 texts"), "{}", why(&counted));
    let long = [b"<worksheet><sheetData>".to_vec(), vec![b'x'; 1 << 20]].concat();
    let long = sheet("xl/worksheets/sheet1.xml", &long);
    assert!(why(&long).contains("longer than any cell"), "{}", why(&long));
    // A tab that breaks off is no shorter tab.
    let rows = vec![heading(); 3];
    let whole = workbook(&[("Report", &rows)]);
    let cut = sheet("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c>");
    assert!(why(&cut).contains("tab a: behind row 1, column A"), "{}", why(&cut));
    for at in [4, 30, whole.len() / 2, whole.len() - 1] {
        assert!(amazon(&whole[..at]).is_err(), "{at}");
    }
    assert!(why(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]).contains("password"));
}

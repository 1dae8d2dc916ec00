//! Report files as people have them: each platform's own headings, odd encodings, hostile bytes, what is missing.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::civil::date;

use super::*;
use crate::domain::ids::PlatformId;
use crate::domain::money::Micros;
use crate::domain::term::{Figures, Named};
use crate::platform::by_id;

pub(super) struct Out {
    pub rows: Vec<TermRow>,
    pub passed_over: Vec<&'static str>,
    pub rejected: Vec<Rejected>,
}

pub(super) fn read_as(platform: &str, bytes: &[u8], asked: &Asked<'_>) -> Result<Out, Problem> {
    let rules = by_id(&PlatformId::new(platform)).unwrap().report();
    let mut out = Out { rows: Vec::new(), passed_over: Vec::new(), rejected: Vec::new() };
    read(rules, bytes, asked, &mut |line| {
        match line {
            Line::Row(row) => out.rows.push(*row),
            Line::LeftOut(why) => out.passed_over.push(why),
            Line::Rejected(line) => out.rejected.push(line),
        }
        Ok(())
    })?;
    Ok(out)
}

fn plain(platform: &str, text: &str) -> Result<Out, Problem> {
    read_as(platform, text.as_bytes(), &Asked::default())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

pub(super) fn row(text: &str, clicks: u64, spend: i64, orders: u64, sales: i64) -> TermRow {
    TermRow {
        campaign: Named::Id("10".into()),
        ad_group: Some(Named::Id("100".into())),
        text: text.into(),
        from: date(2026, 9, 1),
        to: date(2026, 9, 1),
        figures: Figures { impressions: 1_000, clicks, spend: Micros(spend), orders, sales: Micros(sales) },
        currency: Currency::new("USD"),
    }
}

/// As the console gives it: quoted, signs beside the amounts, a note of the attribution's days in each heading.
const CONSOLE: &str = "\u{feff}Start Date,End Date,Portfolio name,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Customer Search Term,Impressions,Clicks,Click-Thru Rate (CTR),Cost Per Click (CPC),Spend,7 Day Total Sales ,Total Advertising Cost of Sales (ACOS) ,7 Day Total Orders (#)\r\n\
    \"Sep 01, 2026\",\"Sep 30, 2026\",,USD,Espresso,\"Beans, exact\",decaf,BROAD,\"decaf \"\"beans\"\"\",\"1,000\",12,1.2%,$0.50,\"$1,006.00\",$40.00,15%,2\r\n\
    \"Sep 01, 2026\",\"Sep 30, 2026\",,USD,Espresso,\"Beans, exact\",close-match,-,b07yt8nvf9,20,1,5%,$0.50,$0.50,$0.00,,0\r\n\
    \"Sep 01, 2026\",\"Sep 30, 2026\",,USD,Espresso,\"Beans, exact\",close-match,-,*,20,1,5%,$0.50,$0.50,$0.00,,0\r\n\
    \"Sep 31, 2026\",\"Sep 30, 2026\",,USD,Espresso,\"Beans, exact\",x,-,cold brew,20,1,5%,$0.50,$0.50,$0.00,,0\r\n";

#[test]
fn amazons_console_file_is_read_by_its_headings() {
    let out = plain("amazon", CONSOLE).unwrap();
    assert_eq!(out.rows.len(), 2);
    let first = &out.rows[0];
    assert_eq!(first.campaign, Named::Name("Espresso".into()));
    assert_eq!(first.ad_group, Some(Named::Name("Beans, exact".into())));
    assert_eq!((first.from, first.to), (date(2026, 9, 1), date(2026, 9, 30)));
    assert_eq!(first.text.raw(), "decaf \"beans\"");
    assert_eq!(
        first.figures,
        Figures {
            impressions: 1_000,
            clicks: 12,
            spend: Micros(1_006_000_000),
            orders: 2,
            sales: Micros(40_000_000),
        }
    );
    assert_eq!(out.rows[1].text.raw(), "b07yt8nvf9", "products stay");
    assert_eq!(out.passed_over.len(), 1, "the star is no search term");
    assert_eq!(out.rejected.len(), 1);
    assert_eq!((out.rejected[0].line, &*out.rejected[0].reason), (5, "Sep 31, 2026 is no day"));
}

#[test]
fn amazons_report_service_gives_packed_json_with_long_numbers() {
    let json = r#"[{"date":"2026-09-01","campaignId":281474976710657123,"adGroupId":100,"searchTerm":"decaf {\"x\"}","impressions":1000,
        "clicks":3,"cost":1.5,"purchases7d":1,"sales7d":20.25,"campaignBudgetCurrencyCode":"USD"},
        {"date":"2026-09-01","campaignId":10,"adGroupId":100,"searchTerm":"free","impressions":1000,"clicks":2,"cost":1.23e0,
        "purchases7d":null,"sales7d":null,"campaignBudgetCurrencyCode":"USD","new":[{"a":1}]}]"#;
    let out = read_as("amazon", &gzip(json.as_bytes()), &Asked::default()).unwrap();
    assert_eq!(out.rows[0].campaign, Named::Id("281474976710657123".into()));
    assert_eq!(out.rows[0].text.raw(), "decaf {\"x\"}");
    assert_eq!(out.rows[1], row("free", 2, 1_230_000, 0, 0));
    assert!(out.rejected.is_empty());
}

#[test]
fn a_bulksheets_tab_takes_its_days_from_the_files_name() {
    let tab = "Product,Campaign ID,Ad Group ID,Campaign Name (Informational only),Customer Search Term,Impressions,Clicks,Spend,Sales,Orders,Units\n\
        Sponsored Products,10,100,Espresso,free pods,1000,2,1.5,0,0,0\n";
    let name = "bulk-x-20260901-20260901-1.csv";
    let currency = Some(Currency::new("USD"));
    let out = read_as("amazon", tab.as_bytes(), &Asked { name, currency, ..Asked::default() }).unwrap();
    assert_eq!(out.rows, [row("free pods", 2, 1_500_000, 0, 0)]);
    let nothing_tells = plain("amazon", tab).err().unwrap();
    assert!(nothing_tells.hint.contains("--from") && nothing_tells.kind == ProblemKind::Usage);
}

#[test]
fn ebays_report_has_a_line_above_its_heading_and_codes_beside_amounts() {
    let tsv = "Search query performance report\n\
        day\tcampaign_id\tcampaign_name\tad_group_id\tsearch_query\tcpc_impressions\tcpc_clicks\tcpc_ad_fees_listingsite_currency\tcpc_ad_fees_payout_currency\tcpc_attributed_sales\tcpc_sale_amount_listingsite_currency\n\
        2026-09-01\t10\tCase ads\t100\t12\" record \"rare\t1000\t7\tUSD 1,001.50\tGBP 2.00\t1\tUSD 9.99\n";
    let out = read_as("ebay", &gzip(tsv.as_bytes()), &Asked::default()).unwrap();
    assert_eq!(out.rows, [row("12\" record \"rare", 7, 1_001_500_000, 1, 9_990_000)]);
    let italian = tsv.replace("USD 1,001.50", "EUR 1.001,50").replace("USD 9.99", "EUR 9,99");
    let out = plain("ebay", &italian).unwrap();
    assert_eq!(out.rows[0].figures.spend, Micros(1_001_500_000));
    assert_eq!(out.rows[0].currency, Currency::new("EUR"));
}

#[test]
fn seller_hubs_file_names_its_days_above_the_heading() {
    let csv = "Report,Search queries\nReport period: Sep 1, 2026 - Sep 30, 2026\n\n\
        Campaign name,Ad group name,Search query,Impressions,Clicks,Ad fees,Sold quantity,Sales\n\
        Case ads,All,phone case,10,1,$0.30,0,$0.00\n";
    let asked = Asked { currency: Some(Currency::new("USD")), ..Asked::default() };
    let out = read_as("ebay", csv.as_bytes(), &asked).unwrap();
    assert_eq!((out.rows[0].from, out.rows[0].to), (date(2026, 9, 1), date(2026, 9, 30)));
    assert_eq!(out.rows[0].ad_group, Some(Named::Name("All".into())));
    let unknown = plain("ebay", csv).err().unwrap();
    assert!(unknown.title.contains("currency"), "{unknown}");
}

#[test]
fn sams_numbers_are_items_not_searches() {
    let csv = "date,campaignId,adGroupId,biddedKeywords,searchedKeyword,numAdsShown,numAdsClicks,adSpend,attributedOrders14days,attributedSales14days\n\
        2026-09-01,10,100,cola,pepsi cola,1000,4,2.5,1,8.0\n\
        2026-09-01,10,100,cola,980012345,1000,4,2.5,1,8.0\n";
    let out = read_as("sams", &gzip(csv.as_bytes()), &Asked::default()).unwrap();
    assert_eq!(out.rows, [row("pepsi cola", 4, 2_500_000, 1, 8_000_000)]);
    assert_eq!(out.passed_over, ["an item's id, not a search"]);
}

#[test]
fn a_missing_column_is_named_with_what_the_file_has() {
    let problem = plain("amazon", "Campaign,Suchbegriff,Klicks\na,b,1\n").err().unwrap();
    assert!(problem.title.contains("the search term") && problem.title.contains("spend"), "{problem}");
    assert!(problem.detail.contains("Customer Search Term") && problem.detail.contains("Suchbegriff"));
    assert!(problem.hint.contains("[terms.columns.ACCOUNT]"));
}

#[test]
fn what_terms_list_prints_is_read_as_what_it_was() {
    let csv = "account,campaign_id,ad_group_id,term,impressions,clicks,spend,orders,sales,currency,from,to\n\
        acme,10,100,'=1+1,1000,2,1.50,1,20.25,USD,2026-09-01,2026-09-01\n\
        acme,10,100,'til dawn,1000,2,1.50,1,20.25,USD,2026-09-01,2026-09-01\n";
    let terms = ["=1+1", "'til dawn"];
    for platform in ["amazon", "ebay", "sams"] {
        let out = plain(platform, csv).unwrap();
        assert_eq!(out.rows, terms.map(|term| row(term, 2, 1_500_000, 1, 20_250_000)), "{platform}");
    }
    // JSON guards nothing, and neither do the files of others.
    let json = r#"[{"account":"acme","campaign_id":"10","ad_group_id":"100","term":"'=1+1","impressions":1000,"clicks":2,
        "spend":1.5,"orders":1,"sales":20.25,"currency":"USD","from":"2026-09-01","to":"2026-09-01"}]"#;
    assert_eq!(plain("sams", json).unwrap().rows, [row("'=1+1", 2, 1_500_000, 1, 20_250_000)]);
    let theirs = plain("amazon", &CONSOLE.replace("cold brew", "'=1+1").replace("Sep 31", "Sep 30")).unwrap();
    assert!(theirs.rows.iter().any(|row| row.text.raw() == "'=1+1"));
}

#[test]
fn headings_mapped_by_hand_come_first() {
    let csv = "Kampagne;Suchbegriff;Klicks;Impr;Ausgaben;Umsatz;Bestellungen;Tag\n\
        Espresso;entkoffeiniert;2;1.000;1.001,50;0,00;0;30.09.2026\n";
    let columns = [
        (TermColumn::Campaign, "Kampagne"),
        (TermColumn::Term, "Suchbegriff"),
        (TermColumn::Clicks, "Klicks"),
        (TermColumn::Impressions, "Impr"),
        (TermColumn::Spend, "Ausgaben"),
        (TermColumn::Sales, "Umsatz"),
        (TermColumn::Orders, "Bestellungen"),
        (TermColumn::Date, "Tag"),
        (TermColumn::Currency, "EUR"),
    ];
    let columns = columns.into_iter().map(|(column, heading)| (column, heading.to_owned())).collect();
    let out = read_as("amazon", csv.as_bytes(), &Asked { columns, ..Asked::default() }).unwrap();
    let row = &out.rows[0];
    assert_eq!((row.figures.impressions, row.figures.spend), (1_000, Micros(1_001_500_000)));
    assert_eq!((row.from, row.currency.code()), (date(2026, 9, 30), "EUR"));
}

#[test]
fn utf_16_of_either_order_is_read() {
    let text = CONSOLE.replace("cold brew", "café ☕ 🎁");
    let wide = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    for bytes in [wide(u16::to_le_bytes), wide(u16::to_be_bytes)] {
        let out = read_as("amazon", &bytes, &Asked::default()).unwrap();
        assert_eq!(out.rows.len(), 2);
        let unmarked = read_as("amazon", &bytes[2..], &Asked::default()).unwrap();
        assert_eq!(unmarked.rows, out.rows, "some tools leave the mark out");
    }
}

#[test]
fn a_row_that_ends_with_the_file_is_no_whole_one() {
    let whole = CONSOLE.replace("Sep 31", "Sep 30");
    let at = whole.find("cold brew").unwrap();
    // Cut after the term, and before it: without a word, the first would be a row that cost nothing.
    for cut in [at + "cold brew,20,1".len(), at - 3] {
        let out = plain("amazon", &whole[..cut]).unwrap();
        assert_eq!((out.rows.len(), out.rejected.len()), (2, 1), "{cut}");
        assert!(out.rejected[0].says().starts_with("line 5: ends with the file"), "{}", out.rejected[0].says());
    }
    for end in ["", "\r\n", "Total\r\n", "Total"] {
        let out = plain("amazon", &format!("{}\r\n{end}", whole.trim_end())).unwrap();
        assert_eq!((out.rows.len(), out.rejected.len()), (3, 0), "{end:?}");
    }
    let out = plain("amazon", whole.trim_end()).unwrap();
    assert_eq!((out.rows.len(), out.rejected.len()), (3, 0), "whole, without a line's end");
}

#[test]
fn bytes_that_are_no_text_reject_their_line_only() {
    let mut bytes = CONSOLE.replace("cold brew", "X").replace("Sep 31", "Sep 30").into_bytes();
    let at = bytes.windows(3).position(|w| w == b",X,").unwrap();
    bytes[at + 1] = 0xe9;
    let out = read_as("amazon", &bytes, &Asked::default()).unwrap();
    assert_eq!((out.rows.len(), out.rejected.len()), (2, 1));
    assert!(out.rejected[0].reason.contains("UTF-8"));
}

#[test]
fn two_currencies_in_a_row_reject_it() {
    let tsv = "day\tcampaign_id\tsearch_query\timpressions\tclicks\tad_fees\torders\tsales\n\
        2026-09-01\t10\ta\t1\t1\tUSD 1\t0\tEUR 1\n";
    let out = plain("ebay", tsv).unwrap();
    assert_eq!(out.rejected[0].reason, "is in USD and EUR");
}

#[test]
fn hostile_files_end_in_a_refusal_not_in_memory() {
    let endless = format!("{}\n\"{}", CONSOLE.lines().next().unwrap(), "x".repeat(1 << 20));
    assert!(plain("amazon", &endless).err().unwrap().title.contains("longer than any"));
    let wide = ",".repeat(1 << 12);
    assert!(plain("amazon", &wide).is_err());
    let nested = format!("[{{\"a\":{}", "[".repeat(1 << 20));
    assert!(plain("amazon", &nested).is_err());
    let bomb = gzip(&vec![b'a'; 8 << 20]);
    assert!(read_as("amazon", &bomb, &Asked::default()).is_err());
    for nothing in ["", "   \n", "\u{feff}", "{", "[", "[]", "nonsense", "[1,2]", "\u{0}\u{1}"] {
        assert!(plain("amazon", nothing).is_err(), "{nothing:?}");
    }
    let cut = &gzip(CONSOLE.as_bytes())[..60];
    assert!(read_as("amazon", cut, &Asked::default()).err().unwrap().title.contains("damaged"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        for platform in ["amazon", "ebay", "sams"] {
            let _ = read_as(platform, &bytes, &Asked::default());
        }
    }

    #[test]
    fn no_row_makes_it_panic(cells in proptest::collection::vec("[0-9$,.eE -]{0,6}|\\PC{0,6}", 0..10)) {
        let text = format!("campaign_id\tsearch_query\timpressions\tclicks\tad_fees\torders\tsales\tday\n{}\n", cells.join("\t"));
        let _ = plain("ebay", &text);
    }
}

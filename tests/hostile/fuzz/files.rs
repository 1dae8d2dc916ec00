//! Files that people keep and download: the configuration, the keymap, ignored findings, reports of search terms.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use unbid::config::Config;
use unbid::domain::money::Currency;
use unbid::domain::text::is_harmless;
use unbid::engine::Baseline;
use unbid::platform::registry;
use unbid::platform::report::{Asked, Line, read};
use unbid::ui::keymap::Keymap;

use super::mutate::{Dice, changed, text_changed};
use super::{assert_tame, cases};
use crate::support::Bench;

#[test]
fn configurations() {
    let bench = Bench::small();
    let own = std::fs::read_to_string(&bench.config.file).expect("the config");
    let seeds = [own.as_str(), include_str!("../../../assets/config.toml")];
    cases("configuration", 300, |case| {
        let mut dice = Dice(case);
        let text = text_changed(&mut dice, seeds[case as usize % 2], seeds[(case as usize + 1) % 2]);
        match Config::parse(&text, Path::new("/etc/unbid/config.toml")) {
            Ok(config) => {
                for account in &config.accounts {
                    if let Err(problem) = unbid::platform::check(account) {
                        assert!(!problem.detail.is_empty(), "case {case}: {problem}");
                    }
                }
            }
            Err(problem) => {
                let said = problem.to_string();
                assert!(said.contains("/etc/unbid/config.toml:"), "case {case}: {said}");
                assert_tame(case, &problem);
            }
        }
    });
}

#[test]
fn keymaps() {
    let own = include_str!("../../../assets/keymap.toml");
    cases("keymap", 300, |case| {
        let mut dice = Dice(case);
        let text = text_changed(&mut dice, own, own);
        if let Err(problem) = Keymap::parse(&text) {
            assert_tame(case, &problem);
        }
    });
}

/// A file of ignored findings as `unbid audit --write-baseline` and the screen write it.
const IGNORED: &str = "# Findings of `unbid audit` that are meant as they are.\n
[[ignored]]\nid = \"fedcba9876543210\"\nrule = \"conflict-full\"\nreason = \"sold out\"\nsays = \"“decaf” blocks\"\n
[[ignored]]\nid = \"0123456789abcdef\"\nrule = \"duplicate\"\nreason = \"\"\n";

#[test]
fn ignored_findings() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("ignored.toml");
    let mut read = 0_u64;
    cases("ignored findings", 300, |case| {
        let mut dice = Dice(case);
        let text = text_changed(&mut dice, IGNORED, IGNORED);
        std::fs::write(&file, &text).expect("written");
        match Baseline::open(&file) {
            Ok(baseline) => {
                read += 1;
                // Each writing waits for the disk.
                if read % 16 == 1 {
                    baseline.save().expect("written");
                    assert_eq!(Baseline::open(&file).as_ref(), Ok(&baseline), "case {case}: {text:?}");
                }
            }
            Err(problem) => assert_tame(case, &problem),
        }
    });
    println!("fuzz ignored findings: {read} were read");
}

/// Reports as consoles and services give them: platform, file name, bytes.
fn reports() -> Vec<(usize, &'static str, Vec<u8>)> {
    let console = "\u{feff}Start Date,End Date,Portfolio name,Currency,Campaign Name,Ad Group Name,Targeting,Match Type,Customer Search Term,Impressions,Clicks,Spend,7 Day Total Sales ,7 Day Total Orders (#)\r\n\
        \"Sep 01, 2026\",\"Sep 30, 2026\",,USD,Espresso,\"Beans, exact\",decaf,BROAD,\"decaf \"\"beans\"\"\",\"1,000\",12,\"$1,006.00\",$40.00,2\r\n\
        \"Sep 01, 2026\",\"Sep 30, 2026\",,USD,Espresso,Beans,x,-,cold brew ☕,20,1,$0.50,,0\r\n";
    let service = r#"[{"date":"2026-09-01","campaignId":281474976710657123,"adGroupId":100,"searchTerm":"decaf {\"x\"}","impressions":1000,"clicks":3,"cost":1.5,"purchases7d":1,"sales7d":20.25,"campaignBudgetCurrencyCode":"USD"},
        {"date":"2026-09-01","campaignId":10,"adGroupId":100,"searchTerm":"free","impressions":1000,"clicks":2,"cost":1.23e0,"purchases7d":null,"sales7d":null,"campaignBudgetCurrencyCode":"USD","new":[{"a":1}]}]"#;
    let bulk = "Product,Campaign ID,Ad Group ID,Campaign Name (Informational only),Customer Search Term,Impressions,Clicks,Spend,Sales,Orders,Units\n\
        Sponsored Products,10,100,Espresso,free pods,1000,2,1.5,0,0,0\n";
    let ebay = "Search query performance report\n\
        day\tcampaign_id\tcampaign_name\tad_group_id\tsearch_query\tcpc_impressions\tcpc_clicks\tcpc_ad_fees_listingsite_currency\tcpc_attributed_sales\tcpc_sale_amount_listingsite_currency\n\
        2026-09-01\t10\tCase ads\t100\t12\" record\t1000\t7\tUSD 1,001.50\t1\tEUR 1.009,99\n";
    let hub = "Report,Search queries\nReport period: Sep 1, 2026 - Sep 30, 2026\n\n\
        Campaign name,Ad group name,Search query,Impressions,Clicks,Ad fees,Sold quantity,Sales\n\
        Case ads,All,phone case,10,1,$0.30,0,$0.00\n";
    let sams = "date,campaignId,adGroupId,biddedKeywords,searchedKeyword,numAdsShown,numAdsClicks,adSpend,attributedOrders14days,attributedSales14days\n\
        2026-09-01,10,100,cola,pepsi cola,1000,4,2.5,1,8.0\n\
        30.09.2026;10;100;cola;x;1.000;4;2,5;1;8,0\n";
    let wide: Vec<u8> = console.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        (0, "a.csv", console.into()),
        (0, "a.json", service.into()),
        (0, "bulk-x-20260901-20260901-1.csv", bulk.into()),
        (0, "a.csv", wide),
        (1, "a.tsv", ebay.into()),
        (1, "a.csv", hub.into()),
        (2, "a.csv", sams.into()),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(bytes).expect("a Vec takes all");
    packed.finish().expect("a Vec takes all")
}

#[test]
fn reports_of_search_terms() {
    let seeds = reports();
    let (mut rows, mut rejected, mut refused) = (0_u64, 0_u64, 0_u64);
    cases("reports", 600, |case| {
        let mut dice = Dice(case);
        let (platform, name, seed) = dice.of(&seeds).clone();
        let other = &dice.of(&seeds).2;
        let mut bytes = changed(&mut dice, &seed, other);
        if dice.below(4) == 0 {
            bytes = gzip(&bytes);
            if dice.below(2) == 0 {
                let whole = bytes.clone();
                bytes = changed(&mut dice, &whole, other);
            }
        }
        let currency = (dice.below(2) == 0).then(|| Currency::new("USD"));
        let asked = Asked { name, currency, ..Asked::default() };
        let most = bytes.len() as u64 * 1_100 + 64;
        let mut lines = 0_u64;
        let end = read(registry()[platform].report(), &bytes[..], &asked, &mut |line| {
            lines += 1;
            match line {
                Line::Row(row) => {
                    rows += 1;
                    assert!(row.from <= row.to, "case {case}: {row:?}");
                    assert!(!row.text.is_empty(), "case {case}: {row:?}");
                }
                Line::LeftOut(_) => {}
                Line::Rejected(line) => {
                    rejected += 1;
                    assert!(line.reason.chars().all(is_harmless), "case {case}: {line:?}");
                }
            }
            Ok(())
        });
        assert!(lines <= most, "case {case}: {lines} lines of {} bytes", bytes.len());
        if let Err(problem) = end {
            refused += 1;
            assert_tame(case, &problem);
        }
    });
    println!("fuzz reports: {rows} rows, {rejected} lines rejected, {refused} files refused");
    assert!(rows > 0 && rejected > 0 && refused > 0);
}

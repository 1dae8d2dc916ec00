//! Search terms and what-ifs as scripts use them: the commands, their JSON, their refusals and exit codes, with the real
//! binary against the sandbox.

mod support;

use serde_json::{Value, json};
use support::desk::{Desk, code, stderr, text_of};

const HEAD: &str = "Date,Campaign Id,Ad Group Id,Customer Search Term,Impressions,Clicks,Spend,7 Day Total Orders (#),7 Day Total Sales ,Currency";

/// Where a row of a report belongs: an account, a campaign, an ad group.
struct Place {
    account: String,
    campaign: String,
    group: String,
}

impl Place {
    async fn of(desk: &Desk) -> Self {
        let row = desk.row("amazon").await;
        let word = |key| text_of(&row, key).to_owned();
        Self { account: word("account"), campaign: word("campaign_id"), group: word("ad_group_id") }
    }

    /// A line of a report: its day, term, and clicks, spend, orders and sales as the file writes them.
    fn line(&self, day: &str, term: &str, figures: &str) -> String {
        format!("\n{day},{},{},{term},\"1,000\",{figures},USD", self.campaign, self.group)
    }

    /// Writes a report and gives its name.
    fn report(&self, desk: &Desk, lines: &[(&str, &str, &str)]) -> String {
        let lines: String = lines.iter().map(|(day, term, figures)| self.line(day, term, figures)).collect();
        write(desk, "report.csv", &format!("{HEAD}{lines}\n"))
    }

    async fn import(&self, desk: &Desk, file: &str, more: &[&str]) -> Value {
        let mut command = vec!["terms", "import", file, "--account", &self.account];
        command.extend(more);
        desk.json(&command).await[0].take()
    }
}

fn write(desk: &Desk, name: &str, text: &str) -> String {
    let file = desk.folder.path().join(name);
    std::fs::write(&file, text).expect("written");
    file.to_str().expect("a plain name").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_loaded_once_and_its_rows_have_the_keys_that_scripts_rely_on() {
    let desk = Desk::synced().await;
    let place = Place::of(&desk).await;
    let lines = [
        ("2026-09-01", "Zebra Kettle", "12,$3.40,0,$0.00"),
        ("2026-09-02", "*", "1,$0.10,0,$0.00"),
        ("2026-09-02", "zebra pot", "ten,$0.10,0,$0.00"),
    ];
    let file = place.report(&desk, &lines);
    let loaded = place.import(&desk, &file, &[]).await;
    let counts =
        ["rows", "replaced", "rejected", "left_out", "unresolved"].map(|key| loaded[key].as_u64().unwrap());
    assert_eq!(counts, [1, 0, 1, 1, 0]);

    let rows = desk.json(&["terms", "list"]).await;
    let wanted = json!([{
        "account": place.account, "campaign_id": place.campaign, "ad_group_id": place.group, "term": "Zebra Kettle",
        "impressions": 1000, "clicks": 12, "spend": 3.4, "orders": 0, "sales": 0.0, "currency": "USD",
        "from": "2026-09-01", "to": "2026-09-01"
    }]);
    assert_eq!(rows, wanted);
    assert_eq!(desk.json(&["terms", "list", "--since", "2026-09-02"]).await, json!([]));

    // The same days once more are the same report; its rejected line is shown each time.
    let again = desk.run(&["terms", "import", &file, "--account", &place.account]).await;
    assert_eq!(code(&again), 0);
    assert!(stderr(&again).contains("line 4, column Clicks: ten is no number"), "{}", stderr(&again));
    assert_eq!(desk.json(&["terms", "list"]).await, wanted);

    // Other days that overlap are refused, and nothing changes, unless they shall take the old ones' place.
    let file = place.report(&desk, &[lines[0], ("2026-09-03", "zebra cup", "3,$1.00,1,$9.00")]);
    let overlapping = desk.run(&["terms", "import", &file, "--account", &place.account]).await;
    assert_eq!(code(&overlapping), 2);
    assert!(stderr(&overlapping).contains("--replace"), "{}", stderr(&overlapping));
    assert_eq!(desk.json(&["terms", "list"]).await, wanted);
    let replaced = place.import(&desk, &file, &["--replace"]).await;
    assert_eq!((&replaced["rows"], &replaced["replaced"]), (&json!(2), &json!(1)));
    assert_eq!(desk.json(&["terms", "list"]).await.as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_report_names_what_it_lacks_and_headings_can_be_mapped() {
    let desk = Desk::synced().await;
    let place = Place::of(&desk).await;
    let text = format!(
        "Suchbegriff;Kampagne;Impr;Klicks;Ausgaben;Umsatz;Best.;Tag\nzebra topf;{};1.000;2;1.001,50;0,00;0;30.09.2026\n",
        place.campaign
    );
    let file = write(&desk, "bericht.csv", &text);
    let import = ["terms", "import", &file, "--account", &place.account];
    desk.configure(|text| format!("{text}\n[terms.columns.acme-x]\nterm = \"Suchbegriff\"\n"));
    let stranger = desk.run(&import).await;
    assert_eq!(code(&stranger), 2);
    assert!(stderr(&stranger).contains("`terms.columns.acme-x` names no account"), "{}", stderr(&stranger));
    desk.configure(|text| text.split("\n[terms.columns").next().unwrap_or_default().to_owned());
    let refused = desk.run(&import).await;
    assert_eq!(code(&refused), 2);
    for said in ["the search term", "Customer Search Term", "Suchbegriff", "[terms.columns."] {
        assert!(stderr(&refused).contains(said), "{said}: {}", stderr(&refused));
    }
    assert_eq!(desk.json(&["terms", "list"]).await, json!([]));

    desk.configure(|text| {
        format!(
            "{text}\n[terms.columns.{}]\nterm = \"Suchbegriff\"\ncampaign_id = \"Kampagne\"\nimpressions = \"Impr\"\n\
            clicks = \"Klicks\"\nspend = \"Ausgaben\"\nsales = \"Umsatz\"\norders = \"Best.\"\ndate = \"Tag\"\ncurrency = \"EUR\"\n",
            place.account
        )
    });
    let loaded = place.import(&desk, &file, &[]).await;
    assert_eq!((&loaded["rows"], &loaded["currency"]), (&json!(1), &json!("EUR")));
    let row = &desk.json(&["terms", "list"]).await[0];
    assert_eq!(
        (&row["spend"], &row["impressions"], &row["from"]),
        (&json!(1001.5), &json!(1000), &json!("2026-09-30"))
    );
    assert_eq!((&row["ad_group_id"], &row["currency"]), (&Value::Null, &json!("EUR")));

    let nobody = desk.run(&["terms", "import", &file]).await;
    assert_eq!(code(&nobody), 2);
    assert!(stderr(&nobody).contains("--account"), "{}", stderr(&nobody));
    assert_eq!(code(&desk.run(&["terms", "import", "/no/such/file", "--account", &place.account]).await), 2);
    // One currency per account: dollars are not added to euros.
    desk.configure(|text| text.split("\n[terms.columns").next().unwrap_or_default().to_owned());
    let dollars = place.report(&desk, &[("2026-08-01", "zebra", "1,$1.00,0,$0.00")]);
    let mixed = desk.run(&["terms", "import", &dollars, "--account", &place.account]).await;
    assert_eq!(code(&mixed), 2);
    assert!(stderr(&mixed).contains("EUR"), "{}", stderr(&mixed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_what_if_has_the_keys_that_scripts_rely_on_in_every_scope() {
    let desk = Desk::synced().await;
    let place = Place::of(&desk).await;
    let none = desk.run(&["simulate", "--match", "exact", "zebra", "--account", &place.account]).await;
    assert_eq!(code(&none), 0);
    assert!(stderr(&none).contains(&format!("No search terms of {} are loaded", place.account)));

    let file = place.report(
        &desk,
        &[
            ("2026-09-01", "zebra kettle", "12,$3.40,1,$20.00"),
            ("2026-09-20", "zebra kettle", "1,$0.10,0,$0.00"),
            ("2026-09-01", "zebra kettles", "2,$1.00,0,$0.00"),
            ("2026-09-01", "kettle", "2,$1.00,0,$0.00"),
        ],
    );
    place.import(&desk, &file, &[]).await;
    let ask = ["simulate", "--match", "phrase", "Zebra  Kettle", "--account", &place.account];
    let told = desk.json(&ask).await;
    let one = &told["verdicts"][0];
    let negative = json!({
        "account": place.account, "platform": "amazon", "id": null, "kind": "keyword", "text": "Zebra  Kettle",
        "match": "phrase", "level": null, "campaign_id": null, "ad_group_id": null
    });
    assert_eq!(one["negative"], negative);
    assert_eq!((&one["blocks"], &one["may_block"], &one["spend"]), (&json!(1), &json!(1), &json!(3.5)));
    assert_eq!((&one["orders"], &one["sales"], &one["currency"]), (&json!(1), &json!(20.0), &json!("USD")));
    let term = json!({
        "term": "zebra kettle", "verdict": "blocks", "impressions": 2000, "clicks": 13, "spend": 3.5, "orders": 1,
        "sales": 20.0, "moves_to": null
    });
    assert_eq!(one["terms"][0], term);
    assert_eq!(
        (&one["terms"][1]["term"], &one["terms"][1]["verdict"]),
        (&json!("zebra kettles"), &json!("may-block"))
    );
    let total = json!({"USD": {"blocks": 1, "may_block": 1, "spend": 3.5, "orders": 1, "sales": 20.0}});
    assert_eq!(told["totals"], total);

    // Narrower: later rows only, and places where nobody searched for it.
    let spend = async |more: &[&str]| {
        let told = desk.json(&[&ask[..], more].concat()).await;
        told["verdicts"][0]["spend"].as_f64().unwrap()
    };
    assert!((spend(&["--since", "2026-09-02"]).await - 0.1).abs() < 1e-9);
    let scope = ["--campaign", &place.campaign, "--ad-group", &place.group];
    assert!((spend(&scope).await - 3.5).abs() < 1e-9);
    let gone = desk.run(&[&ask[..], &["--ad-group", "12345"]].concat()).await;
    assert_eq!(code(&gone), 2, "{}", stderr(&gone));
    let gone = desk.run(&[&ask[..], &["--campaign", "12345"]].concat()).await;
    assert_eq!(code(&gone), 2);
    assert!(!stderr(&gone).contains("staged"), "nobody wanted to stage: {}", stderr(&gone));
    // The days are those that were looked at.
    let late = desk.json(&[&ask[..], &["--since", "2026-09-02"]].concat()).await;
    let one = &late["verdicts"][0];
    assert_eq!((&one["from"], &one["to"]), (&json!("2026-09-02"), &json!("2026-09-20")));
    let later = desk.run(&[&ask[..], &["--since", "2026-10-02"]].concat()).await;
    let said = format!("No search terms of {} that reach 2026-10-02 are loaded", place.account);
    assert!(stderr(&later).contains(&said), "{}", stderr(&later));

    let table = desk.run(&ask).await;
    let table = String::from_utf8_lossy(&table.stdout).into_owned();
    for said in [
        "2026-09-01 to 2026-09-20",
        "blocks 1 term",
        "cost $3.50",
        "had 1 order, $20.00",
        "1 may block",
        "zebra kettles",
    ] {
        assert!(table.contains(said), "{said}: {table}");
    }

    // What is staged is asked about by its own row; the text need not be possible where it is typed.
    let added =
        desk.add(&json!({"campaign_id": place.campaign, "ad_group_id": place.group}), "zebra kettle").await;
    assert_eq!(code(&added), 0, "{}", stderr(&added));
    let staged = desk.json(&["simulate", "--staged"]).await;
    let one = &staged["verdicts"][0];
    assert_eq!(
        (&one["negative"]["staged"], &one["negative"]["match"], &one["blocks"]),
        (&json!("add"), &json!("exact"), &json!(1))
    );
    assert!(text_of(&one["negative"], "id").starts_with("staged:"));
    assert_eq!(code(&desk.run(&["simulate", "--match", "exact", &"x".repeat(200)]).await), 0);
    for wrong in
        [&["simulate", "zebra"][..], &["simulate", "--match", "exact"], &["simulate", "--match", "broad", "x"]]
    {
        assert_eq!(code(&desk.run(wrong).await), 2, "{wrong:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_are_fetched_from_every_platform_and_listed_as_they_are_stored() {
    let desk = Desk::synced().await;
    let fetched = desk.json(&["terms", "fetch", "--days", "10"]).await;
    let fetched = fetched.as_array().unwrap();
    let accounts: Vec<&str> = fetched.iter().map(|one| text_of(one, "account")).collect();
    assert!(accounts.len() > 3, "{accounts:?}");
    for one in fetched {
        assert_eq!((&one["result"], &one["problems"]), (&json!("fresh"), &json!([])), "{one}");
        assert_eq!(one["reports"], one["loaded"], "{one}");
    }
    let rows = desk.json(&["terms", "list"]).await;
    let rows = rows.as_array().unwrap();
    let told: u64 = fetched.iter().map(|one| one["rows"].as_u64().unwrap()).sum();
    assert_eq!(rows.len() as u64, told);
    for account in accounts {
        assert!(rows.iter().any(|row| row["account"] == account), "{account}");
    }
    assert!(rows.iter().all(|row| row["campaign_id"].is_string() && row["ad_group_id"].is_string()));
    assert!(rows.iter().all(|row| text_of(row, "from") >= "2026-09-21" && text_of(row, "to") <= "2026-09-30"));
    assert!(rows.iter().all(|row| row["term"] != "*"));
    assert!(desk.writes().await.is_empty(), "asking for reports changes nothing");
}

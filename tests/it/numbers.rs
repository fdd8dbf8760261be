//! Numbers by which tables of one dump point at people of another.

use crate::cli::{check_people, check_people_in};

/// People with names that nobody else has.
const NAMES: [&str; 6] = [
    "Tamsin Okafor",
    "Gideon Marsh",
    "Rosalind Hart",
    "Peter Snyder",
    "Karl Webb",
    "Niamh Doyle",
];

/// A table and its rows as `mysqldump` writes them; `more` stands behind the columns.
fn table(name: &str, columns: &[&str], more: &str, rows: impl Iterator<Item = String>) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| format!("  `{column}` varchar(255)"))
        .collect();
    let rows: Vec<String> = rows.collect();
    format!(
        "CREATE TABLE `{name}` (\n{}{more}\n);\nINSERT INTO `{name}` VALUES {};\n",
        columns.join(",\n"),
        rows.join(",")
    )
}

fn people(name: &str) -> String {
    let rows = NAMES.iter().enumerate();
    let rows = rows.map(|(n, name)| format!("({},'{name}','u{n}@a.example')", n + 41));
    table(name, &["id", "name", "email"], "", rows)
}

/// A table of phones under numbers of people.
fn phones(name: &str, column: &str, more: &str) -> String {
    let rows = (0..NAMES.len()).map(|n| format!("({n},{},'+1 415-555-01{}')", n + 41, n + 10));
    table(name, &["id", column, "phone"], more, rows)
}

#[test]
fn declared_foreign_keys_join() {
    for column in [
        "owner_id",
        "account_id",
        "customer_id",
        "created_by",
        "belongs",
        "x",
    ] {
        let declared = format!(
            ",\n  KEY `k` (`{column}`),\n  CONSTRAINT `c` FOREIGN KEY (`{column}`) REFERENCES `users` (`id`) ON DELETE CASCADE"
        );
        let inside = people("users") + &phones("extras", column, &declared);
        check_people("inside.sql", &inside, [6, 6, 6]);
        let behind = people("users")
            + &phones("extras", column, "")
            + &format!(
                "ALTER TABLE `extras`\n  ADD CONSTRAINT `c` FOREIGN KEY (`{column}`) REFERENCES `users` (`id`);\n"
            );
        check_people("behind.sql", &behind, [6, 6, 6]);
    }
    // Tables of people under any name, and numbers of somebody who has a number of his own.
    let members = people("clubbers")
        + &phones(
            "extras",
            "x",
            ",\n  FOREIGN KEY (`x`) REFERENCES `clubbers` (`id`)",
        );
    check_people("members.sql", &members, [6, 6, 6]);
    let postgres = "CREATE TABLE public.tenants (id integer NOT NULL, name text, email text);
CREATE TABLE public.extras (id integer NOT NULL, x integer, phone text);
COPY public.tenants (id, name, email) FROM stdin;\n41\tTamsin Okafor\tt@a.example\n42\tGideon Marsh\tg@a.example\n\\.\n
COPY public.extras (id, x, phone) FROM stdin;\n1\t41\t+1 415-555-0110\n2\t42\t+1 415-555-0111\n\\.\n
ALTER TABLE ONLY public.extras\n    ADD CONSTRAINT extras_x_fkey FOREIGN KEY (x) REFERENCES public.tenants(id);\n";
    check_people("postgres.sql", postgres, [2, 2, 2]);
}

#[test]
fn foreign_keys_of_a_database_join() {
    let folder = crate::cli::Folder::with(&[]);
    let path = folder.path("shop.db");
    let database = rusqlite::Connection::open(&path).unwrap();
    let script = people("users").replace("varchar(255)", "text")
        + "PRAGMA foreign_keys=OFF; CREATE TABLE extras (id integer primary key, x integer references users(id), phone text);"
        + "INSERT INTO extras VALUES (1,41,'+1 415-555-0110'),(2,42,'+1 415-555-0111'),(3,43,'+1 415-555-0112'),(4,44,'+1 415-555-0113');";
    database.execute_batch(&script).unwrap();
    drop(database);
    check_people_in("shop.db", &std::fs::read(&path).unwrap(), [6, 6, 6]);
}

#[test]
fn foreign_keys_of_clerks_do_not_join() {
    // Who wrote a row is not whom it names.
    let customers = |column: &str, names: &[&str]| {
        let rows = names.iter().enumerate();
        let rows = rows
            .map(|(n, name)| format!("({n},{},'{name}','+1 415-555-01{}')", n % 2 + 41, n + 10));
        let more = format!(",\n  FOREIGN KEY (`{column}`) REFERENCES `users` (`id`)");
        table("customers", &["id", column, "name", "phone"], &more, rows)
    };
    let others = ["Ada Brook", "Ben Stone", "Cleo Field", "Dan Hill"];
    for column in ["created_by", "assigned_to", "agent_id", "owner_id"] {
        let clerks = people("users") + &customers(column, &others);
        check_people("clerks.sql", &clerks, [10, 10, 10]);
    }
    // Two columns that point at people, neither of which is whose phone it is.
    let two = people("users")
        + &table(
            "calls",
            &["id", "a", "b", "phone"],
            ",\n  FOREIGN KEY (`a`) REFERENCES `users` (`id`),\n  FOREIGN KEY (`b`) REFERENCES `users` (`id`)",
            (0..4).map(|n| format!("({n},{},{},'+1 415-555-01{}')", 41 + n, 46 - n, n + 10)),
        );
    check_people("calls.sql", &two, [10, 10, 10]);
}

#[test]
fn columns_that_are_called_as_a_table_of_people_join() {
    for (table, column) in [
        ("kunden", "kunden_id"),
        ("clientes", "cliente_id"),
        ("clienti", "id_cliente"),
        ("tenants", "tenant_id"),
        ("accounts", "AccountId"),
    ] {
        let dump = people(table) + &phones("extras", column, "");
        check_people("named.sql", &dump, [6, 6, 6]);
    }
}

#[test]
fn the_only_people_are_those_whom_numbers_may_mean() {
    for column in [
        "owner_id",
        "account_id",
        "customer_id",
        "profile_id",
        "created_by",
    ] {
        let dump = people("users") + &phones("extras", column, "");
        check_people("perhaps.sql", &dump, [6, 6, 12]);
    }
    // Numbers that are not among theirs, and things.
    let others = people("users") + &phones("extras", "account_id", "").replace(",41,", ",99,");
    check_people("others.sql", &others, [12, 12, 12]);
    let things = people("users") + &phones("extras", "shop_id", "");
    check_people("things.sql", &things, [12, 12, 12]);
}

/// Rows of names and values, as WordPress keeps what is told of an account.
fn meta(first: usize, keys: &[(&str, fn(usize) -> String)]) -> impl Iterator<Item = String> {
    let rows = (0..NAMES.len()).flat_map(move |n| {
        let keys = keys.iter().enumerate();
        keys.map(move |(at, (key, value))| {
            format!("({},{},'{key}','{}')", 10 * n + at, n + first, value(n))
        })
        .collect::<Vec<_>>()
    });
    rows.collect::<Vec<_>>().into_iter()
}

fn given(n: usize) -> String {
    NAMES[n].split(' ').next().unwrap_or_default().to_owned()
}

fn family(n: usize) -> String {
    NAMES[n]
        .split(' ')
        .next_back()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn rows_of_names_and_values_are_pieces_of_one_record() {
    let columns = ["umeta_id", "user_id", "meta_key", "meta_value"];
    let mail = |n: usize| format!("{}@b.example", family(n).to_lowercase());
    let phone = |n: usize| format!("+1 415-555-01{}", n + 10);
    let keys: [(&str, fn(usize) -> String); 5] = [
        ("first_name", given),
        ("last_name", family),
        ("billing_phone", phone),
        ("billing_email", mail),
        ("session_tokens", |n| format!("a:{n}")),
    ];
    let meta_alone = table("wp_usermeta", &columns, "", meta(41, &keys));
    check_people("meta.sql", &meta_alone, [6, 6, 6]);
    check_people("both.sql", &(people("wp_users") + &meta_alone), [6, 6, 6]);
    // An order says who bought and to whom it goes; the second is the same person but in one.
    let elsewhere = |n: usize| if n == 2 { "Ada".to_owned() } else { given(n) };
    let surname = |n: usize| {
        if n == 2 {
            "Brook".to_owned()
        } else {
            family(n)
        }
    };
    let keys: [(&str, fn(usize) -> String); 5] = [
        ("_billing_first_name", given),
        ("_billing_last_name", family),
        ("_billing_email", mail),
        ("_shipping_first_name", elsewhere),
        ("_shipping_last_name", surname),
    ];
    let columns = ["meta_id", "post_id", "meta_key", "meta_value"];
    let orders = table("wp_postmeta", &columns, "", meta(5000, &keys));
    check_people("orders.sql", &orders, [7, 7, 7]);
}

#[test]
fn fields_in_tables_of_their_own_are_an_account_s() {
    let columns = [
        "bundle",
        "deleted",
        "entity_id",
        "revision_id",
        "langcode",
        "delta",
    ];
    let field = |name: &str, value: fn(usize) -> String| {
        let column = format!("field_{name}_value");
        let columns: Vec<&str> = columns.iter().copied().chain([&*column]).collect();
        let rows =
            (0..NAMES.len()).map(|n| format!("('user',0,{0},{0},'en',0,'{1}')", n + 41, value(n)));
        table(&format!("user__field_{name}"), &columns, "", rows)
    };
    let users = people("users_field_data")
        .replace("`id`", "`uid`")
        .replace("`email`", "`mail`");
    let phone = |n: usize| format!("+1 415-555-01{}", n + 10);
    let drupal =
        users + &field("phone", phone) + &field("first_name", given) + &field("last_name", family);
    check_people("drupal.sql", &drupal, [6, 6, 6]);
}

#[test]
fn names_of_programs_are_nobodys() {
    let jobs = (0..3).map(|n| {
        let job =
            format!(r#"{{"displayName":"App\\\\\\\\Mail\\\\\\\\Welcome","to":"u{n}@a.example"}}"#);
        format!("({n},'{job}')")
    });
    let jobs = table("failed_jobs", &["id", "payload"], "", jobs);
    check_people("laravel.sql", &(people("users") + &jobs), [6, 6, 6]);
}

//! Backups, and what reads them back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use store::{Role, Store, tenants};
use tests::{TestDatabase, database};
use uuid::Uuid;

use crate::{Ran, Site, TENANT};

/// All that a database holds, table by table, as one text.
async fn content(url: &str) -> String {
    let config = store::Config { url: url.to_owned(), role: Role::Owner, pool_size: 1 };
    let client = Store::new(&config).unwrap().client().await.unwrap();
    let query = "
        select string_agg(query_to_xml('select * from ' || quote_ident(relname) || ' order by 1, 2',
                                       true, true, '')::text, '' order by relname)
        from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";
    client.query_one(query, &[]).await.unwrap().get(0)
}

/// An installation with a backup, and another database to read it into.
struct Copied {
    site: Site,
    file: PathBuf,
    other: TestDatabase,
}

impl Copied {
    async fn new() -> Copied {
        let site = Site::with_a_tenant().await;
        site.pings(3).await;
        let dirty = format!(
            "insert into kpi_dirty (tenant_id, days)
             values ('{TENANT}', '{{[2026-01-01,2026-01-05)}}')"
        );
        site.execute(&dirty).await;
        let file = site.folder.path().join("courtier.dump");
        let ran = site.run(&format!("backup {}", file.display())).await;
        assert_eq!(ran.code(), 0, "{}", ran.err());
        Copied { site, file, other: database().await }
    }

    async fn restore(&self, flags: &[&str]) -> Ran {
        let file = self.file.display().to_string();
        let arguments: Vec<&str> = ["restore", &file].iter().chain(flags).copied().collect();
        let url = self.other.url();
        let mut variables = self.site.variables();
        variables.retain(|(name, _)| *name != "DATABASE_URL");
        variables.push(("DATABASE_URL", &url));
        Ran(tests::courtier(&arguments, &variables).await)
    }

    /// A database that nobody of Courtier uses any more: connections take a moment to close.
    async fn until_quiet(&self) {
        let query = "select count(*) from pg_stat_activity
                     where datname = current_database() and application_name = 'courtier'";
        let owner = self.other.owner().await;
        while owner.query_one(query, &[]).await.unwrap().get::<_, i64>(0) > 0 {
            tokio::task::yield_now().await;
        }
    }

    async fn is_restored(&self) -> bool {
        content(&self.other.url()).await == content(&self.site.database.url()).await
    }
}

fn sha256sum(arguments: &[&str], folder: &Path) -> Output {
    Command::new("sha256sum").args(arguments).current_dir(folder).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_can_be_checked_and_restored_with_all_that_guards_it() {
    let copied = Copied::new().await;
    let again = copied.site.run(&format!("backup {}", copied.file.display())).await;
    assert_eq!(again.code(), 1, "nothing is written over");
    let folder = copied.site.folder.path();
    assert!(sha256sum(&["--check", "courtier.dump.sha256"], folder).status.success());

    // A database that holds tables is left alone, unless told.
    let refused = copied.restore(&[]).await;
    assert!(refused.err().contains("give an empty one"), "{}", refused.err());
    let owner = copied.other.owner().await;
    owner.batch_execute("create table left_over (id int)").await.unwrap();
    copied.until_quiet().await;
    let replaced = copied.restore(&["--replace"]).await;
    assert_eq!(replaced.code(), 0, "{}{}", replaced.out(), replaced.err());
    assert!(copied.is_restored().await);
    // Row-level security and grants are there again, too.
    let mut client = copied.other.store(Role::Worker).client().await.unwrap();
    assert_eq!(tenants::list(&client, false).await.unwrap().len(), 1);
    let dirty = "select count(*) from kpi_dirty";
    assert_eq!(client.query_one(dirty, &[]).await.unwrap().get::<_, i64>(0), 0);
    let tenant = store::Tenant::begin(&mut client, TENANT.parse().unwrap()).await.unwrap();
    assert_eq!(tenant.query_one(dirty, &[]).await.unwrap().get::<_, i64>(0), 1);
    tenant.commit().await.unwrap();
    let used = copied.restore(&["--replace"]).await;
    assert!(used.err().contains("stop its processes first"), "{}", used.err());
    drop(client);

    owner.batch_execute("drop schema public cascade; create schema public").await.unwrap();
    copied.until_quiet().await;
    assert_eq!(copied.restore(&[]).await.code(), 0);
    assert!(copied.is_restored().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_changes_nothing() {
    let copied = Copied::new().await;
    let owner = copied.other.owner().await;
    owner.batch_execute("create table kept (id int, word text)").await.unwrap();
    let before = content(&copied.other.url()).await;
    let whole = fs::read(&copied.file).unwrap();
    fs::write(&copied.file, &whole[..whole.len() * 2 / 3]).unwrap();
    let wrong = copied.restore(&["--replace"]).await;
    assert!(wrong.err().contains("is not what was backed up"), "{}", wrong.err());
    // Its checksum made anew, it breaks in the middle of the statements.
    let folder = copied.site.folder.path();
    let sum = sha256sum(&["courtier.dump"], folder).stdout;
    fs::write(folder.join("courtier.dump.sha256"), sum).unwrap();
    copied.until_quiet().await;
    let broken = copied.restore(&["--replace"]).await;
    assert!(broken.err().contains("nothing is restored"), "{}", broken.err());
    assert_eq!(content(&copied.other.url()).await, before);
    fs::remove_file(folder.join("courtier.dump.sha256")).unwrap();
    let alone = copied.restore(&["--replace"]).await;
    assert!(alone.err().contains("needs its checksum beside it"), "{}", alone.err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_does_not_see_all_tenants_makes_no_backup() {
    let mut site = Site::with_a_tenant().await;
    let login = format!("login_{}", Uuid::now_v7().simple());
    site.execute(&format!(
        "create role {login} login password 'x'; grant courtier_worker to {login}"
    ))
    .await;
    let url = site.database.url();
    let (_, server) = url.split_once('@').unwrap();
    let bound = format!("postgresql://{login}:x@{server}");
    site.variables[0].1 = bound;
    let file = site.folder.path().join("part.dump");
    let ran = site.run(&format!("backup {}", file.display())).await;
    assert!(ran.err().contains("does not see the rows of all tenants"), "{}", ran.err());
    assert!(!file.exists());
    site.execute(&format!("drop owned by {login}; drop role {login}")).await;
}

//! An installation whose servers have a certificate.

use tests::{Instance, Process, courtier, keys};

use crate::certificates;

const TOKEN: &str = "a-token-for-the-encrypted-installation";

pub(crate) struct Site {
    folder: tempfile::TempDir,
    pub(crate) instance: Instance,
}

type Variables = Vec<(&'static str, String)>;

impl Site {
    pub(crate) fn new() -> Site {
        let folder = tempfile::tempdir().unwrap();
        certificates::write(folder.path());
        let instance = Instance::start_encrypted("encrypted", folder.path());
        Site { folder, instance }
    }

    /// A file of its folder.
    pub(crate) fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }

    /// The database by the name in its certificate, verified by a file, or by the system's roots.
    pub(crate) fn database(&self, roots: &str) -> String {
        let url = self.instance.database_url.replace("127.0.0.1", "localhost");
        let roots = match roots {
            "" => String::new(),
            file => format!("&sslrootcert={}", self.path(file)),
        };
        format!("{url}?sslmode=verify-full{roots}")
    }

    /// The broker, likewise.
    pub(crate) fn broker(&self, roots: &str) -> String {
        let url = self.instance.amqp_url.replace("127.0.0.1", "localhost");
        match roots {
            "" => url,
            file => format!("{url}?cacertfile={}", self.path(file)),
        }
    }

    pub(crate) fn password(&self) -> &str {
        let (login, _) = self.instance.database_url.split_once('@').unwrap();
        login.rsplit_once(':').unwrap().1
    }

    pub(crate) fn variables(&self, database_url: &str, amqp_url: &str) -> Variables {
        vec![
            ("DATABASE_URL", database_url.to_owned()),
            ("AMQP_URL", amqp_url.to_owned()),
            ("SERVICE_TOKEN", TOKEN.to_owned()),
            ("API_KEY_PEPPER", keys::PEPPER.to_owned()),
            ("JWT_SECRET_KEY", keys::JWT_SECRET.to_owned()),
            ("MOCK_DATA_PATH", self.path("")),
            ("EXPORTS_PATH", self.path("exports")),
            ("API_LISTEN", "127.0.0.1:0".to_owned()),
            ("LOG_FORMAT", "json".to_owned()),
        ]
    }

    /// The exit code of a tool, and all that it printed.
    pub(crate) async fn run(&self, line: &str, variables: &Variables) -> (Option<i32>, String) {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = courtier(&arguments, &borrowed(variables)).await;
        let printed = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8(printed).unwrap())
    }
}

/// Every role in one process.
pub(crate) fn start(variables: &Variables) -> Process {
    Process::start(&["all"], &borrowed(variables))
}

fn borrowed(variables: &Variables) -> Vec<(&str, &str)> {
    variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

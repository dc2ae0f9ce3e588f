use settings::callbacks::Hosts;

use super::*;

fn policy() -> Policy {
    let listed = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    Policy::new(Hosts {
        allowed: listed(&["hooks.example.com", "other.example.com:8443", "1.1.1.1"]),
        private: listed(&["n8n:5678", "127.0.0.1:5678", "[::1]:5678", "10.0.0.7"]),
    })
}

#[test]
fn listed_hosts_are_allowed_at_their_port() {
    for text in [
        "https://hooks.example.com/done?signature=abc",
        "https://hooks.example.com:443/done",
        "https://HOOKS.example.com",
        "https://other.example.com:8443/",
        "https://1.1.1.1/",
        "http://n8n:5678/webhook-waiting/14?signature=a%20b",
        "https://n8n:5678/",
        "http://127.0.0.1:5678/",
        "http://[::1]:5678/",
        "http://10.0.0.7/",
        "https://10.0.0.7/",
    ] {
        assert_eq!(policy().check(text).map(|_| ()), Ok(()), "{text}");
    }
}

#[test]
fn a_host_is_listed_with_its_port() {
    for text in [
        "https://hooks.example.com:8443/",
        "https://other.example.com/",
        "http://n8n/",
        "http://n8n:5679/",
        "https://evil.hooks.example.com/",
        "https://hooks.example.com.evil.net/",
        "https://evil.net/hooks.example.com",
        "https://evil.net?@hooks.example.com",
        "https://evil.net#@hooks.example.com",
    ] {
        let refused = policy().check(text).unwrap_err();
        assert!(matches!(refused, Refused::NotListed(_)), "{text}: {refused}");
    }
    assert_eq!(policy().check("http://hooks.example.com/"), Err(Refused::NotEncrypted));
}

#[test]
fn nothing_is_listed_by_default() {
    let refused = Policy::default().check("https://hooks.example.com/").unwrap_err();
    assert_eq!(refused, Refused::NotListed("hooks.example.com:443".into()));
}

/// What the operator lists is what is meant: these all mean a listed host, and say it otherwise.
#[test]
fn a_listed_host_in_disguise_is_refused() {
    for text in [
        "http://2130706433:5678/",
        "http://0x7f000001:5678/",
        "http://0x7f.0.0.1:5678/",
        "http://017700000001:5678/",
        "http://0177.0.0.1:5678/",
        "http://127.1:5678/",
        "http://127.0.1:5678/",
        "http://127.0.0.1.:5678/",
        "http://%31%32%37.0.0.1:5678/",
        "http://[0:0:0:0:0:0:0:1]:5678/",
        "http://user@127.0.0.1:5678/",
        "http://user:password@n8n:5678/",
        "http://@n8n:5678/",
        "http://n8n:05678/",
        "http:n8n:5678/",
        "http:///n8n:5678/",
        "https://hooks.example.com:/",
        "https://hooks%2eexample.com/",
    ] {
        let refused = policy().check(text).unwrap_err();
        assert!(matches!(refused, Refused::Disguised { .. }), "{text}: {refused}");
    }
}

#[test]
fn what_is_no_plain_address_is_refused() {
    let long = format!("https://hooks.example.com/{}", "a".repeat(MAX_LENGTH));
    for text in [
        "",
        "hooks.example.com",
        "//hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:5678/_",
        "data:text/plain,x",
        "https://",
        "https://hooks.example.com\\@evil.net/",
        "http:\\\\n8n:5678/",
        "https://hooks.exam\tple.com/",
        "https://hooks.example.com/\r\nX: y",
        " https://hooks.example.com/",
        "http://１２７.０.０.１:5678/",
        "http://①②⑦.0.0.1:5678/",
        "https://hooks。example。com/",
        "http://[::1%25lo]:5678/",
        "http://127.0.0.256:5678/",
        "http://n8n:99999/",
        &long,
    ] {
        assert_eq!(policy().check(text), Err(Refused::NotAnAddress), "{text}");
    }
}

#[test]
fn the_name_of_a_host_does_not_vouch_for_its_address() {
    let refused = |host: &str, address: &str| policy().allow(host, address.parse().unwrap());
    assert!(refused("hooks.example.com", "93.184.216.34").is_ok());
    assert!(refused("n8n", "172.18.0.4").is_ok());
    for (host, address) in [
        ("hooks.example.com", "127.0.0.1"),
        ("hooks.example.com", "172.18.0.4"),
        ("hooks.example.com", "::ffff:10.0.0.1"),
        ("hooks.example.com", "169.254.169.254"),
        ("n8n", "93.184.216.34"),
        ("n8n", "169.254.169.254"),
        ("n8n", "0.0.0.0"),
        ("evil.net", "93.184.216.34"),
    ] {
        assert!(refused(host, address).is_err(), "{host} at {address}");
    }
}

#[test]
fn a_key_in_the_query_is_not_shown() {
    let target = policy().check("http://n8n:5678/webhook-waiting/14?signature=key#there").unwrap();
    assert_eq!(target.shown(), "http://n8n:5678/webhook-waiting/14");
    assert!(!format!("{target:?}").contains("key"));
}

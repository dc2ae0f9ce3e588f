//! Names and phrases, with the characters that break careless software:
//! accents, commas, quotes, line breaks, and cells a spreadsheet would execute.

pub(super) const COMPANIES: [&str; 30] = [
    "Boulangerie Dupont, Père & Fils",
    "Cabinet Lefèvre et Associés",
    "Garage \"Le Relais\"",
    "Clinique Saint-Côme",
    "Transports Bézier",
    "Mairie de Châteauneuf",
    "École Jules-Ferry",
    "Atelier Noël, ébénisterie",
    "Pharmacie de l'Hôtel de Ville",
    "Imprimerie Garçon Frères",
    "Domaine des Trois Chênes",
    "Notaires Maître & Œuvrard",
    "Hôtel de la Plage",
    "Société Générale d'Ascenseurs",
    "Assurances Bélier",
    "Northwind Logistics",
    "Harbor Dental Group",
    "Lakeside Architects, LLP",
    "Bluebird Veterinary Clinic",
    "Summit Accounting",
    "O'Neill & Sons Roofing",
    "Maple Street School",
    "Redwood Engineering, Inc.",
    "Evergreen Nursery",
    "Kestrel Aviation Parts",
    "Stonebridge Law",
    "The \"Corner\" Bookshop",
    "Pioneer Water Co-op",
    "Silverline Catering",
    "Foxglove Pharmacy",
];

pub(super) const MEMBERS: [&str; 12] = [
    "Amélie Fournier",
    "Benoît Léger",
    "Chloé Marchand",
    "David Okafor",
    "Émile Gauthier",
    "Fatou Ndiaye",
    "Grace O'Connor",
    "Hélène Prévost",
    "Inès Carvalho",
    "James Whitfield",
    "Karim Bensaïd",
    "Léa Nguyễn",
];

pub(super) const BOARDS: [&str; 5] =
    ["Help Desk", "Infrastructure", "Projets", "Sécurité", "Field Services, On-site"];
pub(super) const BOARD_WEIGHTS: [u64; 5] = [560, 190, 90, 60, 100];

pub(super) const PRIORITIES: [&str; 4] = ["Critical", "High", "Medium", "Low"];
pub(super) const PRIORITY_WEIGHTS: [u64; 4] = [40, 140, 560, 260];
pub(super) const INCIDENT_PRIORITY_WEIGHTS: [u64; 4] = [220, 420, 280, 80];

pub(super) const OPEN_STATUSES: [&str; 4] =
    ["In Progress", "Waiting on Client", "Scheduled", "En attente fournisseur"];

pub(super) const SUMMARIES: [&str; 28] = [
    "Imprimante hors ligne à l'accueil",
    "Impossible d'ouvrir le fichier partagé « Comptabilité »",
    "Mot de passe expiré, compte verrouillé",
    "Nouvel arrivant lundi : poste, messagerie, badge",
    "Messagerie lente depuis ce matin",
    "Écran bleu au démarrage",
    "Sauvegarde de la nuit échouée, serveur SRV-03",
    "Demande d'accès au dossier RH",
    "Téléphonie : appels coupés, « bip » toutes les 30 s",
    "Départ d'un salarié, fermeture des accès",
    "Mise à jour du logiciel de paie, version 12,4",
    "Le scanner n'envoie plus par courriel",
    "Wi-Fi instable en salle de réunion",
    "Licence à renouveler avant échéance",
    "VPN drops every 10 minutes",
    "Outlook keeps asking for the password",
    "New laptop setup for the sales team",
    "Cannot print to \"Finance-2\"",
    "Shared mailbox missing, please re-add",
    "Disk almost full on FILE-01",
    "Suspicious email reported by a user",
    "Teams audio not working in room B",
    "Backup job failed with error 0x80070005",
    "Request: admin rights, temporary",
    "Monitor flickers, docking station replaced",
    "MFA reset needed after phone change",
    "Slow ERP, \"loading…\" for minutes",
    "Website certificate expires soon",
];

pub(super) const INCIDENT_SUMMARIES: [&str; 6] = [
    "Panne générale : plus d'accès aux serveurs",
    "Plus d'Internet sur le site principal",
    "Outage: file server unreachable",
    "Outage: mail queue growing, nothing delivered",
    "Incident fournisseur, bascule en 4G",
    "Users cannot log in, domain controller down",
];

/// Cells that a spreadsheet would take for a formula.
pub(super) const FORMULAS: [&str; 6] = [
    "=SOMME(B2:B14) renvoie #REF! dans le budget",
    "+33 1 99 00 12 34 : rappeler le client",
    "-10 °C annoncés en salle serveur, sonde à vérifier",
    "@accueil : badge perdu",
    "=HYPERLINK(\"http://example.invalid\",\"click\") received by mail",
    "+1 monitor for the front desk",
];

pub(super) const DETAILS: [&str; 8] = [
    "L'utilisateur a redémarré deux fois, sans effet.",
    "Depuis la mise à jour d'hier soir.\nTrois postes touchés.",
    "Le message affiché est : \"Accès refusé\", voir capture.",
    "À traiter avant 17 h, réunion importante.",
    "Happens on two machines, same floor.",
    "User says: \"it worked yesterday\".\nSteps tried: reboot, other cable.",
    "Please call back, extension 214.",
    "Remote session done, no change; needs a visit.",
];

pub(super) const WORK_TYPES: [&str; 4] = ["Remote", "On-site", "Maintenance", "Projet"];
pub(super) const WORK_TYPE_WEIGHTS: [u64; 4] = [640, 180, 120, 60];

pub(super) const NOTES: [&str; 8] = [
    "Diagnostic à distance, redémarrage du service.",
    "Remplacement du câble, test avec l'utilisateur.",
    "Réinitialisation du mot de passe; \"OK\" confirmé.",
    "Appel fournisseur, dossier ouvert,\nen attente de retour.",
    "Checked logs, cleared queue, verified with user.",
    "Patched and rebooted, monitoring for a day.",
    "Documented the fix, closed with client.",
    "On-site visit, replaced docking station.",
];

"""LibreOffice opens a CSV file: accents are right, and no text became a formula."""

import csv
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def opened(path, folder):
    """The file as LibreOffice understands it by itself, in its own XML."""
    # Commas, double quotes, and the character set that the byte order mark tells: as a person who
    # confirms the dialog gets it.
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless",
               "--infilter=CSV:44,34,76,1,,0,false,true", "--convert-to", "fods", "--outdir", folder, path]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    made = os.path.join(folder, os.path.basename(path).replace(".csv", ".fods"))
    assert os.path.exists(made), done.stdout + done.stderr
    return xml.parse(made).getroot()


def visible(text):
    """Blanks of all kinds are elements of their own in the XML, and tell nothing here."""
    return "".join(text.split())


def cells(sheet):
    """Rows of (text, formula)."""
    for row in sheet.iter(f"{TABLE}table-row"):
        values = []
        for cell in row.iter(f"{TABLE}table-cell"):
            text = visible("".join("".join(part.itertext()) for part in cell.iter(f"{TEXT}p")))
            times = int(cell.get(f"{TABLE}number-columns-repeated", "1"))
            values += [(text, cell.get(f"{TABLE}formula"))] * min(times, 100)
        yield values


def main():
    path = os.path.join(os.environ["EXPORTS"], "fact_ticket", "fact_ticket_2026-07-01.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        records = list(csv.reader(file))
    names = records[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for row in cells(opened(path, folder)) if any(text for text, _ in row)]
    assert len(rows) == len(records), f"{len(rows)} rows instead of {len(records)}"
    formulas = [cell for row in rows for cell in row if cell[1]]
    assert not formulas, f"a formula ran: {formulas}"
    summary, owner = names.index("summary"), names.index("owner_key")
    n_marked = 0
    for row, record in zip(rows[1:], records[1:]):
        assert row[owner][0] == visible(record[owner]), (row[owner], record[owner])
        # LibreOffice shows a leading apostrophe that stands in a file.
        assert row[summary][0] == visible(record[summary]), (row[summary], record[summary])
        n_marked += record[summary].startswith("'")
    assert n_marked >= 5, "the file holds texts that would be formulas"
    assert any("é" in row[owner][0] for row in rows[1:]), "accents"
    # Before the mark: the very same text without its apostrophe is a formula to LibreOffice.
    with tempfile.TemporaryDirectory() as folder:
        bare = os.path.join(folder, "bare.csv")
        with open(bare, "w", encoding="utf-8-sig", newline="") as file:
            file.write('a\r\n"=1+1"\r\n')
        found = [cell for row in cells(opened(bare, folder)) for cell in row if cell[1]]
    assert found, "this check would not see a formula"
    print(f"{len(records) - 1} rows, {n_marked} of them with a text that looks like a formula")


if __name__ == "__main__":
    sys.exit(main())

"""Waits for a code as scripts commonly do: searches for unseen mail to an address, and sleeps."""
import imaplib
import os
import re
import sys
import time

port, user, address = sys.argv[1:]
imap = imaplib.IMAP4("127.0.0.1", int(port))
imap.login(user, os.environ["PASSWORD"])
print("ready", flush=True)
while True:
    imap.select("INBOX")
    _, found = imap.search(None, "UNSEEN", "TO", f'"{address}"')
    for number in found[0].split():
        _, mail = imap.fetch(number, "(RFC822)")
        code = re.search(rb"\b\d{6}\b", mail[0][1].split(b"\r\n\r\n", 1)[1])
        print(code.group().decode(), flush=True)
        sys.exit()
    time.sleep(2)

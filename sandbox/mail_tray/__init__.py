"""A mail tray: it takes every e-mail by SMTP or Mailgun's API, delivers none, and shows each as its reader
sees it.

    python -m sandbox.mail_tray --smtp-port 0 --web-port 0 --state DIR

    ... --api-key KEY --webhook-url URL --signing-key KEY

prints `smtp 127.0.0.1:PORT` and `web http://127.0.0.1:PORT`. Both listen on 127.0.0.1 only.
By SMTP, mail to a mailbox named `bounce` is refused, as a mail server refuses an unknown address, and one
named `full` puts it off. By the API it is taken, and a signed event tells what became of it: mailgun.py
says which mailboxes do what.

    GET    /api/messages?to=ben@example.com    newest first: id, to, from, subject, received_at, ...
    GET    /api/messages/<id>                  headers, text, html, and the parts with their URLs
    DELETE /api/messages                       empty the tray
"""

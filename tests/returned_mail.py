"""A notice of non-delivery as a mail server writes it, for tests of those who read one."""

ID = "<0123456789abcdef0123456789abcdef@traam.invalid>"
POSTFIX = f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.exemple.fr (Mail Delivery System)
To: ne-pas-repondre@traam.invalid
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ.1700000000/mx.exemple.fr"

This is a MIME-encapsulated message.

--4XyZ.1700000000/mx.exemple.fr
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--4XyZ.1700000000/mx.exemple.fr
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.exemple.fr
X-Postfix-Queue-ID: 4XyZ
Arrival-Date: Sun, 22 Nov 2026 21:00:00 +0000 (UTC)

Final-Recipient: rfc822; lectrice1@exemple.fr
Original-Recipient: rfc822;Lectrice1@exemple.fr
Action: failed
Status: 5.1.1
Remote-MTA: dns; imap.exemple.fr
Diagnostic-Code: smtp; 550 5.1.1 <lectrice1@exemple.fr>: Recipient address
    rejected: User unknown

--4XyZ.1700000000/mx.exemple.fr
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: TraAM <ne-pas-repondre@traam.invalid>
To: lectrice1@exemple.fr
Subject: Un titre
Message-ID: {ID}

--4XyZ.1700000000/mx.exemple.fr--
""".encode()

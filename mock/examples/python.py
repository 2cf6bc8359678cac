"""Sends a bill, lets its payer pay it, takes the callback, and cancels. Needs Python 3.9 and a mock server:
payssam mock -- python3 mock/examples/python.py"""

import hashlib
import json
import os
import queue
import threading
import time
import urllib.request as http
from http.server import BaseHTTPRequestHandler, HTTPServer

BASE = os.environ["PAYSSAM_BASE_URL"]
DESK = BASE.removesuffix("/partner") + "/_mock"
NAMES = {"apiKey": "API_KEY", "member": "MEMBER", "merchant": "MERCHANT"}
ENVELOPE = {field: os.environ["PAYSSAM_" + name] for field, name in NAMES.items()}
called = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    log_message = lambda *_: None

    def do_POST(self):  # Only a hint that something was paid: anybody can post here, so the bill is read.
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write('{"code":"0000","msg":"성공하였습니다."}'.encode())
        called.put(body["billId"])


def post(url, body):
    request = http.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    return json.load(http.build_opener(http.ProxyHandler({})).open(request, timeout=30))


def payssam(path, **bill):
    response = post(BASE + path, {**ENVELOPE, "bill": bill})
    assert response["code"] == "0000", response
    return response["data"]


def sha256(*parts):
    return hashlib.sha256(",".join(parts).encode()).hexdigest()


receiver = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
bill_id, phone, price = f"python-{time.time_ns() // 10**6 % 10**12}", "01012345678", "45000"
url = f"http://127.0.0.1:{receiver.server_port}/payssam"
payssam("/bill", billId=bill_id, phone=phone, price=price, sendType="URL", productName="수강료",
        memberName="김하나", callbackUrl=url, hash=sha256(bill_id, phone, price))
post(f"{DESK}/bills/{bill_id}/pay?merchant={ENVELOPE['merchant']}", {})
assert called.get(timeout=30) == bill_id
paid = payssam("/bill/read", billId=bill_id)
assert (paid["apprState"], paid["apprPrice"]) == ("F", price), paid
payssam("/bill/cancel", billId=bill_id, price=price, hash=sha256(bill_id, price))  # No phone: two parts.
assert payssam("/bill/read", billId=bill_id)["apprState"] == "C"
print(f"{bill_id} was sent, paid, called back and cancelled")

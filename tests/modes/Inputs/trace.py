"""Is a trace in order?  usage: trace.py TRACE.json [MEASURES.json]

Slices of a row nest; arrows lead forward; what it all adds up to is possible.
"""
import json
import sys


def check_rows(events):
    rows = {}
    for event in events:
        if event["ph"] == "X":
            rows.setdefault(event["tid"], []).append((event["ts"], -event["dur"], event))
    for row in rows.values():
        open_until = []
        for start, minus, event in sorted(row, key=lambda slice: slice[:2]):
            end = start - minus
            while open_until and open_until[-1] <= start + 1e-6:
                open_until.pop()
            assert not open_until or end <= open_until[-1] + 2e-3, f"slices cross: {event}"
            open_until.append(end)
    return rows


def check_arrows(events):
    tails = {event["id"]: event for event in events if event["ph"] == "s"}
    heads = {event["id"]: event for event in events if event["ph"] == "f"}
    assert tails.keys() == heads.keys(), "an arrow has one end"
    for number, tail in tails.items():
        assert tail["ts"] <= heads[number]["ts"], f"an arrow leads back: {tail}"


def check_measures(measures):
    assert measures["span_ns"] <= measures["work_ns"] + 1000, measures
    assert measures["serial_ns"] <= measures["span_ns"], measures
    assert sum(call["ns"] for call in measures["calls"]) <= measures["work_ns"] + 1000, measures
    critical = measures["serial_ns"] + sum(call.get("critical_ns", 0) for call in measures["calls"])
    assert critical <= measures["span_ns"] + 1000, measures
    for what in "calls", "waits":
        times = [line["ns"] for line in measures[what]]
        assert times == sorted(times, reverse=True), f"{what} are not in order"


def main():
    trace = json.load(open(sys.argv[1], encoding="utf-8"))
    events = trace["traceEvents"]
    names = {event["tid"]: event["args"]["name"] for event in events if event.get("name") == "thread_name"}
    rows = check_rows(events)
    assert set(rows) <= set(names), "a row has no name"
    check_arrows(events)
    check_measures(trace["lazy"])
    for path in sys.argv[2:]:
        check_measures(json.load(open(path, encoding="utf-8")))
    runs = sum(event.get("cat") == "run" for event in events)
    calls = sum(event["args"]["calls"] for event in events if event.get("cat") == "calls")
    print(f"in order: {runs} runs, {calls} calls, {len([e for e in events if e['ph'] == 's'])} arrows")


main()

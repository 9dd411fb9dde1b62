# SPDX-License-Identifier: MIT
"""
Our `gpu --speed` beside gpu_peer.py's: for every case that both have, our precisions against the peer's modes. Several files of ours are
taken together.

    python3 Benchmarks/Peers/compare_gpu.py OURS.json [OURS.json ...] PEER.json
"""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def add(table, report):
    for row in report["rows"]:
        mode = row["precision"] + ("" if row.get("graphs", True) else ", no graphs")
        table.setdefault(row["name"], {})[mode] = row["median_ms"]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    our_table, peer_table = {}, {}
    reports = [load(path) for path in sys.argv[1:]]
    ours, peer = reports[:-1], reports[-1]
    for report in ours:
        add(our_table, report)
    add(peer_table, peer)
    print("ours: " + "; ".join(sorted({report["description"] for report in ours})) + f"\npeer: {peer['description']}")
    print(f"ceilings: copy {max(report['copy_gbps'] for report in ours):.0f} GB/s, "
          f"float32 {max(report['fp32_tflops'] for report in ours):.1f} TFLOP/s\n")
    print("| case | ours | ms | peer | ms | peer / ours |\n| --- | --- | --- | --- | --- | --- |")
    for name, precisions in our_table.items():
        for precision, milliseconds in precisions.items():
            for mode, theirs in peer_table.get(name, {}).items():
                print(f"| {name} | {precision} | {milliseconds:.4g} | {mode} | {theirs:.4g} | {theirs / milliseconds:.2f} |")
    missing = sorted(set(our_table) ^ set(peer_table))
    if missing:
        print("\nonly on one side: " + "; ".join(missing))


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: MIT
"""
Our `gpu --speed` beside gpu_peer.py's: for every case that both have, our precisions against the peer's modes.

    python3 Benchmarks/Peers/compare_gpu.py ours.json peer.json
"""
import json
import sys


def load(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    table = {}
    for row in report["rows"]:
        table.setdefault(row["name"], {})[row["precision"]] = row["median_ms"]
    return report, table


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    (ours, our_table), (peer, peer_table) = load(sys.argv[1]), load(sys.argv[2])
    print(f"ours: {ours['description']}\npeer: {peer['description']}")
    print(f"ceilings: copy {ours['copy_gbps']:.0f} GB/s, float32 {ours['fp32_tflops']:.1f} TFLOP/s\n")
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

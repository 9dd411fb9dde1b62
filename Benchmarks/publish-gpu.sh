#!/usr/bin/env bash
# Publishes the commands with the kernels for cards as one compressed folder for linux-x64 that needs nothing but the driver:
#   Benchmarks/publish-gpu.sh [OUTPUT.tar.xz] [further arguments for dotnet publish]
# There: tar xf OUTPUT.tar.xz && flowratio-gpu/FlowRatio.Benchmarks gpu, or flowratio-gpu/first-hour.sh FOLDER for everything
set -euo pipefail
cd "$(dirname "$0")/.."
output=${1:-artifacts/flowratio-gpu.tar.xz}
shift || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

dotnet publish Benchmarks -c Release -r linux-x64 --self-contained \
    -p:DebugType=none -p:SatelliteResourceLanguages=en \
    -o "$folder/flowratio-gpu" "$@"
find "$folder/flowratio-gpu" \( -name '*.xml' -o -name '*.pdb' \) -delete
mkdir "$folder/flowratio-gpu/Peers"
cp Benchmarks/first-hour.sh "$folder/flowratio-gpu"
cp Benchmarks/Peers/{gpu_peer,compare_gpu,torch_flow,timing,safetensors_file}.py "$folder/flowratio-gpu/Peers"
mkdir -p "$(dirname "$output")"
tar -C "$folder" -c flowratio-gpu | xz -T0 -6 > "$output"

limit=$((64 << 20))
size=$(stat -c %s "$output")
echo "$output: $((size >> 20)) MiB"
if [ "$size" -ge "$limit" ]; then
    echo "The folder is larger than $((limit >> 20)) MiB." >&2
    exit 1
fi

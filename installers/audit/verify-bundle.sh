#!/bin/sh
# Opens and proves a bundle (.enb) with stock Debian tools: tar, coreutils, awk, ssh-keygen, age, zstd.
#   verify-bundle.sh BUNDLE FINGERPRINT [KEY]
# FINGERPRINT: the district's 16 symbols, from paper. KEY: a file with an age identity the bundle is
# sealed to; without it only the outside is proved. No operation's plain text is written to a disk.
set -euf; LC_ALL=C; export LC_ALL; umask 077
no() { echo "$*" >&2; exit 1; }
[ $# -ge 2 ] || { sed -n '2,5s/^# //p' "$0" >&2; exit 2; }
[ -f "$1" ] && [ -f "${3:-$1}" ] || no "there is no such file"
bundle=$(realpath -- "$1"); key=${3:+$(realpath -- "$3")}
typed=$(printf %s "$2" | tr -d ' -' | tr a-z A-Z | tr OIL 011)
work=$(mktemp -d); trap 'r=$?; rm -rf "$work"; [ $r = 0 ] || echo REFUSED >&2; exit $r' EXIT; trap 'exit 1' HUP INT TERM; cd "$work"

hash() { sha256sum | cut -c1-64; }; raw() { tr a-f A-F | basenc --base16 -d; }; hex() { basenc --base16 -w0 | tr A-F a-f; }
keys() { for one in $(get "$1" < district.json | tr -d '[]"' | tr , ' '); do echo "$(echo "$one" | base64 -d | hex)"; done; }
line() { echo "ssh-ed25519 $(printf '0000000B7373682D6564323535313900000020%s' "$1" | raw | base64 -w0)"; }
piece() { printf '"digest":"%s","size":%s' "$(hash < "$1")" "$(wc -c < "$1")"; }
get() { awk -v name="\"$1\":" '{ at = index($0, name); if (!at) exit 1   # the first member of that name
  rest = substr($0, at + length(name))
  if (rest !~ /^"/) { match(rest, /^(\[[^]]*\]|[^],}]*)/); print substr(rest, 1, RLENGTH); exit }
  for (i = 2; (c = substr(rest, i, 1)) != "\"" && c != ""; i++) {
    if (c == "\\") { c = substr(rest, ++i, 1); if (c == "n") c = "\n" }
    said = said c } printf "%s\n", said; exit }'; }
# proves SIGNERS PRINCIPAL NAMESPACE SIGNATURE [PUBLIC] < content: signed, and by that very key.
proves() { ssh-keygen -Y verify -f "$1" -I "$2" -n "$3" -s "$4" > proof 2>&1 || return 1
  [ -z "${5:-}" ] || { line "$5" > key.pub; grep -qF "$(ssh-keygen -lf key.pub | cut -d' ' -f2)" proof; }; }
# author FEED PUBLIC SCOPE DISTRICT IDENTITY NAMESPACE SIGNATURE CONTENT: whose words these are.
author() {
  [ "$(printf '656e726f6c6c6d656e742d6665656400%s00%s' "$2" "$(printf %s "$3" | hex)" | raw | hash |
    raw | basenc --base32 -w0 | tr A-Z a-z | cut -c1-20)" = "$1" ] || no "a feed's name is not its key's"
  echo "$3 $(line "$2")" > plain
  if [ "$4" = true ]; then keys feed_keys | grep -qx "$2" || no "the district does not name the key of feed $1"
  else ! proves authority "school:$3" "$6" "$7" "$2" < "$8" || return 0   # its certificate stands in the signature
    printf '%s\n' "$5" | head -n 1 > chain; get statement < chain | tr -d '\n' > said; get signature < chain > said.sig
    proves authority "school:$3" enrollment-ticket said.sig < said || no "nobody of this district speaks for feed $1"
    [ "$(get key < said | base64 -d | hex) $(get scope < said)" = "$2 $3" ] || no "another laptop's ticket: feed $1"; fi
  proves plain "$3" "$6" "$7" "$2" < "$8" || no "feed $1 did not sign this"; }

tar -tvf "$bundle" > files 2>&1 && ! grep -qv '^-' files && tar -tf "$bundle" > names || no "this is no bundle"
! grep -qvE '^(manifest\.json(\.sig)?|SHA256SUMS|district\.json(\.sig)?|payload\.age|scans/[0-9a-f]{64}\.age)$' names &&
  tar -xf "$bundle" 2>&- && [ -f SHA256SUMS ] && tar --format=ustar -b1 --owner=0 --group=0 --numeric-owner --mtime=@0 \
  --mode=644 -T names -cf again && [ "$(wc -c < again)" = "$(wc -c < "$bundle")" ] && cmp -l again "$bundle" | awk '
  { at = ($1 - 1) % 512; if (at < 148 || at > 343 || at > 155 && at < 329) exit 1 }' || no "members are unknown or cut off"
cut -c67- SHA256SUMS > summed; grep -vx -e manifest.json.sig -e SHA256SUMS names | cmp -s - summed || no "other members"
sha256sum --quiet --strict -c SHA256SUMS > /dev/null 2>&1 || no "a digest does not fit"
[ -f district.json ] || no "it brings no district document: nobody speaks for it"
for one in $(grep '^scans' names); do printf '{%s},' "$(piece "$one")"; done | sed 's/,$//' > scans.json
for part in "\"payload\":{\"size\":$(wc -c < payload.age),\"digest\":\"$(hash < payload.age)\"" "\"scans\":[$(cat scans.json)]}" \
  "\"district\":{\"document\":{$(piece district.json)},\"signature\":{$(piece district.json.sig)}}"; do
  grep -qF "$part" manifest.json || no "the manifest means other content"; done
root=$(keys root); echo "root $(line "$root")" > root
[ "$(printf %s "$root" | raw | hash | cut -c1-20 | raw | basenc --base32 | tr A-Z2-7 0-9A-HJKMNP-TV-Z)" = "$typed" ] &&
  proves root root enrollment-district district.json.sig "$root" < district.json || no "another district's root"
for one in $(keys authorities); do echo "school:* cert-authority $(line "$one")"; done > authority
carrier=$(sed 's/.*"carrier"://' manifest.json); of() { printf '%s\n' "$carrier" | get "$1"; }
answer=false; [ "$(get purpose < manifest.json)" != answer ] || answer=true; scope=$(of scope)
author "$(of feed)" "$(of public)" "$scope" $answer "$(of identity)" enrollment-bundle manifest.json.sig manifest.json
echo "bundle $(get number < manifest.json) of $scope, packed by feed $(of feed): the outside is proved"
[ -n "$key" ] || exit 0

open() { age -d -i "$key" payload.age 2>&- | zstd -dcq 2>&- | tar -xOf - "$1" 2>&-; }
open heads.jsonl > heads || no "this key does not open it"; erased=$(open ops.jsonl | grep -F '"kind":"erasure"') || erased=
open ops.jsonl | { total=0
  while IFS= read -r head <&3; do
    of() { printf '%s\n' "$head" | get "$1"; }
    feed=$(of feed); at=$(of from); to=$(of to); scope=$(of scope); of signature > head.sig; first=$((at + 1)); last=
    printf '{"feed":"%s","scope":"%s","to":%s,"hash":"%s"}' "$feed" "$scope" "$to" "$(of hash)" > reach
    author "$feed" "$(of public)" "$scope" "$(of district)" "$(of identity)" enrollment-feed head.sig reach
    [ "$at" -gt 0 ] || last=$(printf %064d 0); while [ "$at" -lt "$to" ]; do IFS= read -r op || no "operations are missing"; at=$((at + 1))
      header=${op#'{"header":'}; header=${header%%',"payload":'*}; payload=${op#*',"payload":'}
      [ -n "$last" ] || { last=${header#*'"previous":"'}; last=${last%%'"'*}; }
      [ "$payload" = 'null}' ] && sum='*' || sum=$(printf %s "${payload%\}}" | hash)   # * stands for any digest
      case $header in '{"format":1,"feed":"'"$feed"'","sequence":'"$at"',"previous":"'"$last"'",'*',"digest":"'$sum'","signatures":['*) ;;
        *) no "operation $at of feed $feed is not what its author wrote" ;; esac
      last=$({ printf %s "$last" | raw; printf %s "$header"; } | hash); total=$((total + 1)); [ "$sum" = '*' ] || continue
      case $erased in *"$feed:$at:$(printf %.12s "$last")"*) ;; *) no "nothing erases operation $at of feed $feed" ;; esac; done
    [ "$first" -gt "$to" ] || [ "$last" = "$(of hash)" ] || no "feed $feed does not end as its author signed"
    echo "feed $feed of $scope: operations $first to $to"; done 3< heads
  ! read -r op && [ "$total" = "$(get operations < manifest.json)" ] || no "the manifest counts other operations"
  echo "$total operations proved"; }

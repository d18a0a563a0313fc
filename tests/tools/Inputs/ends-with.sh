# ends-with.sh STATUS LAZY-CACHE FOLDER COMMAND... - each command ends with that status, and says why.
expected=$1 tool=$2 folder=$3
shift 3
for command; do
  "$tool" $command "$folder" >ends-with.out 2>ends-with.err
  status=$?
  if [[ $status != "$expected" ]] || ! grep -q lazy-cache: ends-with.err; then
    echo "$command: $status"
    cat ends-with.err
    exit 1
  fi
done

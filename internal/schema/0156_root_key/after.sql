SELECT place FROM kit_root_key WHERE mark = '';

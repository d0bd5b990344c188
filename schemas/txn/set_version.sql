PRAGMA user_version = $;

export const help = `
  npm run demo -- [options]

  Creates a project on a running stack (npm run dev, in another terminal), shows
  its agents at work and asks you where a person decides.

  The project
    --name <text>         its name (default: a recipe site)
    --description <text>  what it is about; the agents work from this text
    --oversight <level>   high: six decisions, medium: three (default), low: none
    --project <id>        follows a project that exists, to answer what it asks

  The run
    -y, --yes             approves everything
    --pace <ms>           time each offline agent takes; the sample project takes
                          800 on a terminal, everything else 0

  The stack
    --url <address>       default http://127.0.0.1:3000, or HTTP_PORT
    --ws <address>        default ws://127.0.0.1:3001, or WS_PORT
    -h, --help            this text

  Answers
    a                     approve; a comment may follow: a looks good
    r                     reject: the project halts until it is resumed
    m what to change      amend: the same task runs again with your words
    retry, skip, cancel   after a failure

  Exit codes: 0 the project is complete, 1 it is not, 2 unknown option,
  130 stopped by Ctrl-C. Colours follow NO_COLOR.

  Examples
    npm run demo -- --yes
    npm run demo -- --oversight high --name "Tea shop" --description "Sells tea."
    npm run demo -- --description "A blog. [[tests:fail:1]] [[coder:fail:1]]"
    npm run demo -- --url https://api.example.com --ws wss://ws.example.com/dev
`;

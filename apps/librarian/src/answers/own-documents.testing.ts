// What a lab writes down of itself, in short documents without other words for their sections, beside LabMesh's own: each with a
// question whose general words LabMesh's documents hold too. Written before anything was changed for them.
export interface OwnDocument {
  readonly title: string;
  readonly text: string;
  readonly question: string;
}

export const OWN_DOCUMENTS: readonly OwnDocument[] = [
  ['Plurgon', 'The plurgon costs 40 euros at the workshop.', 'What does the plurgon cost?'],
  ['Servers', 'The zwick server listens on port 7044.', 'Which port does the zwick server listen on?'],
  ['Badges', 'A fenwix token is valid for nine days.', 'How long is a fenwix token valid?'],
  ['Cluster', 'A yarble job runs on the two machines in the basement.', 'Where does a yarble job run?'],
  ['Doors', 'The password of the tarkle room is with the porter.', 'Who has the password of the tarkle room?'],
  ['Cryostat', 'Fill the cryostat with nitrogen every Monday.', 'How often is the cryostat filled?'],
  ['Glovebox', 'The glovebox log is kept in the red folder.', 'Where is the glovebox log kept?'],
  ['Vacuum', 'Restart the Hubbardium pump by its green switch.', 'How do I restart the Hubbardium pump?'],
  [
    'Freezer',
    'Samples stay in the Krelm freezer for at most two years.',
    'How long may samples stay in the Krelm freezer?',
  ],
  [
    'Microscope',
    'Only Brunner’s group may book the confocal microscope at night.',
    'Who may book the confocal microscope at night?',
  ],
  ['Backups', 'The spectrometer disk is copied to tape on Fridays.', 'When is the spectrometer disk backed up?'],
  ['Mouse house', 'Two people sign before a cage is opened.', 'How many people sign before a cage is opened?'],
  ['Beamtime', 'Proposals for beamtime are due on the first of March.', 'When are proposals for beamtime due?'],
  [
    'Laser',
    'The interlock of the Nd:YAG laser fails when the curtain is open.',
    'Why does the interlock of the laser fail?',
  ],
  ['Waste', 'Halogenated waste goes into the blue canister.', 'Which canister does halogenated waste go into?'],
  ['Ordering', 'Orders over 500 euros need the signature of the dean.', 'Which orders need the signature of the dean?'],
  [
    'Telescope',
    'The Orrery telescope has a limiting magnitude of 17.',
    'What is the limiting magnitude of the Orrery telescope?',
  ],
  ['Sequencer', 'A flow cell of the sequencer is good for three runs.', 'How many runs is a flow cell good for?'],
  ['Network', 'The instrument network has no way to the internet.', 'Can the instrument network reach the internet?'],
  ['Printer', 'The poster printer takes paper of 90 centimetres.', 'How wide is the paper of the poster printer?'],
  ['Gas', 'Call 4455 when the helium alarm sounds.', 'Whom do I call when the helium alarm sounds?'],
  ['Keys', 'The key to the roof hangs behind the centrifuge.', 'Where is the key to the roof?'],
  ['Students', 'A doctoral student gets a desk in the annex.', 'Where does a doctoral student get a desk?'],
  ['Wikis', 'The group’s wiki is moved to Sennwald in May.', 'When is the group’s wiki moved?'],
].map(([title = '', text = '', question = '']) => ({ title, text: `# ${title}\n\n${text}\n`, question }));

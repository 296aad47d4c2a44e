// Licences that data is often under, by their SPDX ids. Any other id may be typed.
export const LICENCES: ReadonlyArray<readonly [id: string, name: string]> = [
  ['CC0-1.0', 'Creative Commons Zero: no conditions'],
  ['CC-BY-4.0', 'Creative Commons Attribution'],
  ['CC-BY-SA-4.0', 'Creative Commons Attribution, share alike'],
  ['CC-BY-NC-4.0', 'Creative Commons Attribution, non-commercial'],
  ['PDDL-1.0', 'Open Data Commons Public Domain Dedication'],
  ['ODC-By-1.0', 'Open Data Commons Attribution'],
  ['ODbL-1.0', 'Open Data Commons Open Database Licence'],
  ['CDLA-Permissive-2.0', 'Community Data License Agreement, permissive'],
  ['OGL-UK-3.0', 'Open Government Licence (UK)'],
  ['etalab-2.0', 'Etalab Open Licence (France)'],
  ['DL-DE-BY-2.0', 'Data licence Germany, attribution'],
  ['MIT', 'MIT License'],
  ['Apache-2.0', 'Apache License'],
];

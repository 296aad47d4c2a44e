// The vocabulary of the simulated lab. Plain lists; prose.ts makes sentences of them.

const list = (text: string): readonly string[] => text.trim().split(/\s+/);

export const NOUNS = list(`
  dataset sample spectrum detector telescope pump valve sensor gauge chamber beam laser filter mirror lens cable pressure
  temperature voltage current flux density orbit asteroid flare storm plasma cloud dust galaxy star planet crater mission
  catalogue table column row value unit error margin mean median variance histogram curve fit residual threshold baseline
  calibration measurement observation run batch series interval period frequency amplitude phase noise signal channel pixel
  frame exposure image map grid tile projection coordinate station network server script notebook template report paper
  figure schema format export archive backup licence source reference method result hypothesis model forecast experiment
  protocol reagent buffer enzyme culture cell gene sequence protein assay plate tube freezer incubator centrifuge pipette
  wallet balance transfer budget invoice share reward proposal vote token key account role permission policy log record
  union join selection script command shell process exception group order table view index procedure query injection`);
export const ADJECTIVES = list(`
  new old raw clean noisy missing corrupt stable unstable high low early late weekly daily monthly annual solar lunar
  magnetic thermal optical infrared chemical statistical linear quadratic cumulative relative absolute local global public
  private shared empty full duplicate invalid valid strange dry wet cold warm fast slow small large short long faint bright`);
export const VERBS = list(`
  measure compare calibrate export import convert validate submit fetch read write check plot average filter select drop
  join merge group sort rename align interpolate normalise smooth bin label annotate review repeat restart replace repair
  clean update delete remove insert execute run send share transfer estimate predict explain describe detect count`);
export const GIVEN = list(`
  Ada Grace Linus Marie Niels Rosalind Chien Lise Emmy Srinivasa Katherine Mae Vera Jocelyn Edwin Henrietta Subrahmanyan Abdus
  Yoshi Ingrid Björn Søren José Łukasz Zoë Chloé Mehmet Olena Amara Kwame Priya Wei Hye-jin Nikolai Sinéad Tomás`);
export const FAMILY = list(`
  Lovelace Hopper Curie Bohr Franklin Wu Meitner Noether Ramanujan Johnson Jemison Rubin Bell Hubble Leavitt Salam O'Brien
  D'Angelo Müller Nguyen García Öztürk Kowalski Okafor Tanaka Ivanova Lindström Dubois Haddad Mensah Fernández MacLeod`);
export const PLACES = list(
  'Paranal Kitt-Peak Mauna-Kea Uppsala Leiden Kyoto Pune Nairobi Cusco Tromsø Hobart Boulder Toulouse Trieste',
);
export const UNITS = [
  'K',
  'hPa',
  'mbar',
  'mV',
  'nm',
  'µm',
  'km/s',
  '°C',
  '%',
  'W/m²',
  'Jy',
  'eV',
  'mol/l',
  'Hz',
] as const;
export const LICENCES = ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'MIT', 'ODbL-1.0', 'PDDL-1.0'] as const;
export const HOSTS = [
  'api.nasa.gov',
  'data.esa.int',
  'zenodo.org',
  'kauai.ccmc.gsfc.nasa.gov',
  'archive.stsci.edu',
  'example.org',
] as const;
export const VIALS = ['astronomer', 'data-scientist', 'gateway', 'validator'] as const;
export const DOCUMENTS = [
  'docs/limits.md',
  'docs/curator.md',
  'docs/errors.md',
  'docs/roles.md',
  'docs/mesh.md',
  'README.md',
  'vials/astronomer/README.md',
  'vials/validator/README.md',
] as const;
export const ELEMENTS = list(`
  H He Li C N O Na Mg Al Si P S Cl K Ca Ti Cr Mn Fe Co Ni Cu Zn Ga As Sr Zr Nb Mo Ag Cd I Xe Cs Ba W Pt Au Hg Pb U`);
export const MOLECULES = list(`
  H2O CO2 O2 N2 H2 CH4 NH3 NaCl HCl H2SO4 HNO3 NaOH KOH H2O2 SO2 NO2 N2O O3 CaCO3 Ca(OH)2 CaCl2 MgCl2 MgSO4 Na2CO3 NaHCO3
  K2Cr2O7 KMnO4 AgNO3 CuSO4 FeCl3 Fe2O3 Fe3O4 Al2O3 SiO2 TiO2 ZnO ZnSO4 BaSO4 PbO2 NH4Cl (NH4)2SO4 KH2PO4 Na2HPO4 C2H5OH
  CH3OH C3H8 C6H6 C6H12O6 CH3COOH C8H10N4O2 LiFePO4 LiCoO2 GaAs YBa2Cu3O7 CsPbBr3 UO2 SF6 PO4^3- SO4^2- NO3- NH4+ Fe2+ Fe3+
  Ca2+ Cu²⁺ OH⁻ D2O`);
export const SYMBOLS = list('T p k E x v n m q R c V L λ Δ τ σ µ ρ θ Ω');
export const INDICES = list('max min eff B i 0 ref in out rms');
export const REMARKS =
  'n/a|???|?|--|tbd|(!)|!!|...|~|N/A|✓|👍|→ next week|(see below)|*|TODO:|+/-|o.k.|<- here|1) 2) 3)'.split('|');
const SYLLABLES = list('ba ke lo mi nu ra si to ve xa fre gla pri stu cho ang eth orm ine ul ver ion ate ism ous');

/** A word that nobody has heard: names of instruments, species, projects. */
export const coined = ({
  whole,
  pick,
}: {
  whole(a: number, b: number): number;
  pick<T>(of: readonly T[]): T;
}): string => Array.from({ length: whole(2, 4) }, () => pick(SYLLABLES)).join('');
